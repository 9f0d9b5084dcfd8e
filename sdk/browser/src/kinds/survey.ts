import type { Answer, Question } from '../wire';
import { bar } from './parts/bar';
import { button, row } from './parts/content';
import { field, FIELD_CSS } from './parts/field';
import { inCorner, keep } from './parts/frame';
import { h } from './parts/h';
import { following, pathOf } from './parts/path';
import { thank } from './parts/thanks';
import { fill, texts } from './settings';

/** Asks several questions, one a view. Each answer is reported as it is given, so that what a person leaves half done is kept. */
export const survey = inCorner('survey', FIELD_CSS, (frame, { content, answers }) => {
  const { title, body, questions = [], thanks } = content;
  // Without a prototype: a question may have any name.
  const given: Record<string, Answer> = { __proto__: null as never, ...answers };
  const path = pathOf(questions, given);

  const take = (question: Question, answer: Answer | undefined) => {
    if (answer !== undefined) given[question.id] = answer;
    const next = following(questions, question, answer);
    frame.actions.answerQuestions(answer === undefined ? {} : { [question.id]: answer }, !next);
    if (next) {
      path.push(next);
      show(next);
    } else thank(frame, thanks);
  };

  const back = () => {
    path.pop();
    const before = path.at(-1);
    if (before) show(before);
  };

  const show = (question: Question) => {
    const place = questions.indexOf(question) + 1;
    const last = place === questions.length && !question.next;
    const { element, value } = field(question, given[question.id], () => mayGoOn());
    const forward = button(last ? texts.send : texts.next, () => take(question, value()), '.primary');
    const mayGoOn = () => (forward.disabled = !question.optional && value() === undefined);
    mayGoOn();
    const several = questions.length > 1;
    const step = fill(texts.step, place, questions.length);
    frame.show(
      title && h('p.muted.small.head', {}, title),
      path.length === 1 && body && h('p.body.muted', { id: 'body' }, body),
      element,
      row(
        forward,
        path.length > 1 && button(texts.back, back, '.quiet'),
        several && h('span.step.muted.small', {}, step),
      ),
      several && bar(place / questions.length, step),
    );
  };
  const [first] = path.slice(-1);
  if (first) show(first);
  return keep;
});
