import type { Content } from '../wire';
import { action, button, row, words } from './parts/content';
import { field, FIELD_CSS } from './parts/field';
import { inCorner, keep, type Frame } from './parts/frame';
import { h } from './parts/h';
import { thank } from './parts/thanks';
import { texts } from './settings';

/** Asks first whether a person likes the app. Those who do are led to the store; the others tell what is wrong. */
export const rating = inCorner('rating', FIELD_CSS, (frame, { content }) => {
  const { yes, no } = content;
  const say = (love: 'yes' | 'no', next: (frame: Frame, content: Content) => void) => () => {
    frame.actions.answerQuestions({ love }, false);
    next(frame, content);
  };
  frame.show(
    ...words(content),
    row(yes && button(yes.label, say('yes', toTheStore), '.primary'), no && button(no.label, say('no', forFeedback))),
  );
  return keep;
});

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
      button(texts.notNow, leave(actions.dismiss), '.quiet'),
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
  const send = button(texts.send, answer, '.primary');
  send.disabled = true;
  const leave = () => {
    frame.actions.answerQuestions({}, true);
    frame.actions.dismiss();
  };
  frame.show(element, row(send, button(texts.notNow, leave, '.quiet')));
}
