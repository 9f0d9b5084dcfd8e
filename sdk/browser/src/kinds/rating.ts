import type { Renderer } from '../renderer';
import type { Message } from '../wire';
import { action, button, once, words } from './parts/content';
import { field, FIELD_CSS } from './parts/field';
import { view, type Frame } from './parts/frame';
import { h } from './parts/h';
import { CORNER, FLOATING } from './parts/styles';
import { thank } from './parts/thanks';
import { texts } from './settings';

/** Asks first whether a person likes the app. Those who do are led to the store; the others tell what is wrong. */
export const rating: Renderer = (message, actions, results) => {
  let asked: Message['id'] | undefined;
  return view(
    {
      name: 'rating',
      css: FLOATING + CORNER + FIELD_CSS,
      role: 'dialog',
      draw: (frame, shown) => {
        if (asked === shown.id) return;
        asked = shown.id;
        ask(frame, shown);
      },
    },
    message,
    actions,
    results,
  );
};

function ask(frame: Frame, { content }: Message): void {
  const { yes, no } = content;
  const say = (love: 'yes' | 'no', next: () => void) => () => {
    frame.actions.answerQuestions({ love }, false);
    next();
  };
  frame.show(
    ...words(content),
    h(
      'div',
      { class: 'row', part: 'actions' },
      yes &&
        button(
          yes.label,
          say('yes', () => toTheStore(frame, content)),
          { look: 'primary' },
        ),
      no &&
        button(
          no.label,
          say('no', () => forFeedback(frame, content)),
        ),
    ),
  );
}

function toTheStore({ show, actions }: Frame, { yes }: Message['content']): void {
  if (!yes) return;
  const leave = once((run?: () => void) => {
    actions.answerQuestions({}, true);
    run?.();
  });
  show(
    h('h2', { id: 'title', class: 'head', part: 'title', tabindex: -1, autofocus: true }, yes.title),
    h(
      'div',
      { class: 'row', part: 'actions' },
      action(yes.actionLabel, yes.url, () => leave(() => actions.click(yes.url))),
      button(texts().notNow, () => leave(() => actions.dismiss()), { look: 'quiet', part: 'not-now' }),
    ),
  );
}

function forFeedback(frame: Frame, { no, thanks }: Message['content']): void {
  if (!no) return;
  const { title, placeholder } = no;
  const question = { id: 'feedback', type: 'text', ask: title, ...(placeholder && { placeholder }) } as const;
  const { element, value } = field(question, undefined, () => (send.disabled = value() === undefined));
  const done = once((run: () => void) => run());
  const send = button(
    texts().send,
    () =>
      done(() => {
        const feedback = value();
        frame.actions.answerQuestions(feedback === undefined ? {} : { feedback }, true);
        thank(frame, thanks);
      }),
    { look: 'primary', part: 'action', disabled: true },
  );
  const skip = () =>
    done(() => {
      frame.actions.answerQuestions({}, true);
      frame.actions.dismiss();
    });
  frame.show(
    element,
    h('div', { class: 'row', part: 'actions' }, send, button(texts().notNow, skip, { look: 'quiet', part: 'not-now' })),
  );
}
