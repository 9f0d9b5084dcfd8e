import type { Content } from '../wire';
import { action, button, row, words } from './parts/content';
import { field, FIELD_CSS } from './parts/field';
import { renderer, type Frame } from './parts/frame';
import { h } from './parts/h';
import { CORNER, FLOATING } from './parts/styles';
import { thank } from './parts/thanks';
import { texts } from './settings';

/** Asks first whether a person likes the app. Those who do are led to the store; the others tell what is wrong. */
export const rating = renderer({
  name: 'rating',
  css: FLOATING + CORNER + FIELD_CSS,
  role: 'dialog',
  draw: (frame, { content }, _results, fresh) => fresh && ask(frame, content),
});

function ask(frame: Frame, content: Content): void {
  const { yes, no } = content;
  const say = (love: 'yes' | 'no', next: (frame: Frame, content: Content) => void) => () => {
    frame.actions.answerQuestions({ love }, false);
    next(frame, content);
  };
  frame.show(
    ...words(content),
    row(yes && button(yes.label, say('yes', toTheStore), 'primary'), no && button(no.label, say('no', forFeedback))),
  );
}

function toTheStore({ show, actions }: Frame, { yes }: Content): void {
  if (!yes) return;
  const leave = (how: () => void) => () => {
    actions.answerQuestions({}, true);
    how();
  };
  show(
    h('h2.title.head', { id: 'title', tabindex: -1, autofocus: true }, yes.title),
    row(
      action(
        yes.actionLabel,
        yes.url,
        leave(() => actions.click(yes.url)),
      ),
      button(texts().notNow, leave(actions.dismiss), 'quiet'),
    ),
  );
}

function forFeedback(frame: Frame, { no, thanks }: Content): void {
  if (!no) return;
  const { title, placeholder = '' } = no;
  const { element, value } = field({ id: '', type: 'text', ask: title, placeholder }, undefined, () => {
    send.disabled = value() === undefined;
  });
  const answer = () => {
    const feedback = value();
    frame.actions.answerQuestions(feedback === undefined ? {} : { feedback }, true);
    thank(frame, thanks);
  };
  const t = texts();
  const send = button(t.send, answer, 'primary');
  send.disabled = true;
  const leave = () => {
    frame.actions.answerQuestions({}, true);
    frame.actions.dismiss();
  };
  frame.show(element, row(send, button(t.notNow, leave, 'quiet')));
}
