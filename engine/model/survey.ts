import type { Json, JsonObject } from './json';
import { getOwn } from './own-property';

/** The answer to a question: the value of an option, a number, a text, or the values of several options. */
export type Answer = string | number | string[];

/** The answers to the questions of a message, by their ids. */
export type Answers = Readonly<Record<string, Answer>>;

/** What a branch says instead of the id of a question: the survey is over. */
export const END = 'end';

/** The most characters of a text. */
export const MOST_LETTERS = 1_000;

/** A question as a message has it. `activities/templates/in-app/question.ts` is its schema. */
interface Question {
  readonly id: string;
  readonly type: 'choice' | 'choices' | 'scale' | 'nps' | 'stars' | 'text';
  readonly optional?: boolean;
  readonly options?: readonly { readonly value: string }[];
  readonly min?: number;
  readonly max?: number;
  readonly next?: readonly Branch[];
}

interface Branch {
  readonly to: string;
  readonly is?: string | number;
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** A question that was not answered as it can be. */
export interface WrongAnswer {
  readonly question: string;
  /** What was expected. */
  readonly detail: string;
}

/** The questions of a rating. Everybody answers the first; who says no may say more. */
const RATING: readonly Question[] = [
  { id: 'love', type: 'choice', options: [{ value: 'yes' }, { value: 'no' }], next: [{ is: 'yes', to: END }] },
  { id: 'feedback', type: 'text', optional: true },
];

/** The questions that a message asks; none if it is neither a survey nor a rating. */
function questionsOf(content: JsonObject): readonly Question[] {
  if (content['kind'] === 'rating') return RATING;
  if (content['kind'] !== 'survey') return [];
  // The schema of surveys was applied when the message was rendered. When its text was forgotten, only its kind is left.
  return (content['questions'] as unknown as readonly Question[] | undefined) ?? [];
}

/** Whether a message asks questions, so that an answer to it names them. */
export function asksQuestions(content: JsonObject): boolean {
  return questionsOf(content).length > 0;
}

/** Checks answers to some of the questions of a message. */
export function wrongAnswers(content: JsonObject, answers: JsonObject): WrongAnswer[] {
  const questions = questionsOf(content);
  return Object.entries(answers).flatMap(([id, answer]) => {
    const question = questions.find((one) => one.id === id);
    const detail = question
      ? mistakeIn(answer, question)
      : `must be the answer to a question: ${questions.map((one) => one.id).join(', ')}`;
    return detail === null ? [] : [{ question: id, detail }];
  });
}

/**
 * The answers of somebody who is done: those to the questions that their answers lead to. Whoever goes back and answers otherwise
 * leaves answers to questions behind that they are not asked any more.
 */
export function answersAsked(content: JsonObject, answers: Answers): Answers {
  return Object.fromEntries(
    pathThrough(questionsOf(content), answers).flatMap(({ id }) => {
      const answer = getOwn(answers, id);
      return answer === undefined ? [] : [[id, answer]];
    }),
  );
}

/** The questions that have to be answered before somebody is done, and are not. */
export function unanswered(content: JsonObject, answers: Answers): WrongAnswer[] {
  return pathThrough(questionsOf(content), answers)
    .filter(({ id, optional }) => optional !== true && getOwn(answers, id) === undefined)
    .map(({ id }) => ({ question: id, detail: 'must be answered' }));
}

/** The answer to the first question as text; empty if it was left out. */
export function firstAnswer(content: JsonObject, answers: Answers): string {
  const [first] = questionsOf(content);
  const answer = first && getOwn(answers, first.id);
  return answer === undefined ? '' : String(answer);
}

/** The questions that somebody with these answers is asked. Branches lead only forward. */
function pathThrough(questions: readonly Question[], answers: Answers): Question[] {
  const path: Question[] = [];
  let place = 0;
  for (let question = questions[place]; question; question = questions[place]) {
    path.push(question);
    const answer = getOwn(answers, question.id);
    const to = (question.next ?? []).find((branch) => answer !== undefined && fits(branch, answer))?.to;
    if (to === END) return path;
    const found = to === undefined ? -1 : questions.findIndex(({ id }) => id === to);
    place = found > place ? found : place + 1;
  }
  return path;
}

function fits({ is, atMost, atLeast }: Branch, answer: Answer): boolean {
  if (is !== undefined) return typeof answer === 'object' ? answer.includes(String(is)) : answer === is;
  if (typeof answer !== 'number') return false;
  return atMost !== undefined ? answer <= atMost : atLeast !== undefined && answer >= atLeast;
}

function mistakeIn(answer: Json, question: Question): string | null {
  const { type, min, max } = question;
  switch (type) {
    case 'choice':
      return valuesOf(question).includes(answer as string) ? null : `must be one of ${valuesOf(question).join(', ')}`;
    case 'choices':
      return choicesMistake(answer, question);
    case 'scale':
      return numberMistake(answer, min ?? 1, max ?? 5);
    case 'nps':
      return numberMistake(answer, 0, 10);
    case 'stars':
      return numberMistake(answer, 1, 5);
    case 'text':
      return textMistake(answer, max ?? MOST_LETTERS);
  }
}

function valuesOf({ options = [] }: Question): string[] {
  return options.map(({ value }) => value);
}

function choicesMistake(answer: Json, question: Question): string | null {
  const values = valuesOf(question);
  const { optional, min = optional === true ? 0 : 1, max = values.length } = question;
  const taken: readonly Json[] = Array.isArray(answer) ? answer : [];
  const areOptions = taken.every((one) => typeof one === 'string' && values.includes(one));
  if (!Array.isArray(answer) || !areOptions || new Set(taken).size < taken.length)
    return `must be a list, with each at most once, of ${values.join(', ')}`;
  return taken.length < min || taken.length > max ? `must be a list of ${min} to ${max}` : null;
}

function numberMistake(answer: Json, min: number, max: number): string | null {
  const isFit = typeof answer === 'number' && Number.isInteger(answer) && answer >= min && answer <= max;
  return isFit ? null : `must be a whole number from ${min} to ${max}`;
}

function textMistake(answer: Json, max: number): string | null {
  const isFit = typeof answer === 'string' && answer.trim() !== '' && answer.length <= max;
  return isFit ? null : `must be a text of 1 to ${max} characters`;
}
