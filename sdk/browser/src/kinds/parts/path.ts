import type { Answer, Branch, Question } from '../../wire';

/**
 * Returns the question that follows, or nothing at the end: the first branch that fits the answer says which, else the next in the list.
 * A branch to a question that is not there ends the survey, so that nobody is left in it.
 */
export function following(
  questions: readonly Question[],
  at: Question,
  answer: Answer | undefined,
): Question | undefined {
  const branch = at.next?.find((candidate) => fits(candidate, answer));
  if (branch) return questions.find(({ id }) => id === branch.to);
  return questions[questions.indexOf(at) + 1];
}

function fits(branch: Branch, answer: Answer | undefined): boolean {
  if (answer === undefined) return false;
  if ('is' in branch) return Array.isArray(answer) ? answer.includes(String(branch.is)) : answer === branch.is;
  if (typeof answer !== 'number') return false;
  return 'atMost' in branch ? answer <= branch.atMost : answer >= branch.atLeast;
}

/**
 * Returns the questions that a person has been asked: those on their path that are answered, and the first that is not.
 * A branch may lead back; nobody is asked the same twice, so the path ends there.
 */
export function pathOf(questions: readonly Question[], answers: Readonly<Record<string, Answer>>): Question[] {
  const path: Question[] = [];
  let at = questions[0];
  while (at && !path.includes(at)) {
    path.push(at);
    if (!Object.hasOwn(answers, at.id)) break;
    at = following(questions, at, answers[at.id]);
  }
  return path;
}
