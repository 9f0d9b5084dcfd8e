import type { Actions } from '../../renderer';
import type { Choice, Content } from '../../wire';
import { texts } from '../settings';
import { safeAddress } from './address';
import { h, type Child } from './h';

/** The title and the text of a message. */
export function words({ title, body }: Content): Child[] {
  return [
    title && h('h2', { id: 'title', class: 'head', part: 'title' }, title),
    body && h('p', { id: 'body', class: title ? 'muted' : 'head', part: 'body' }, body),
  ];
}

export function picture({ image }: Content): Child {
  const src = safeAddress(image?.url, location.href);
  return src && h('img', { src, alt: image?.alt ?? '', part: 'image', loading: 'lazy' });
}

export interface ButtonLook {
  readonly look?: 'primary' | 'quiet';
  readonly part?: string;
  readonly disabled?: boolean;
}

export function button(label: string, onclick: () => void, { look, part = 'button', disabled }: ButtonLook = {}) {
  return h('button', { type: 'button', class: `button ${look ?? ''}`, part, disabled, onclick }, label);
}

/** A link in the look of a button, or a button if there is no address to follow. The client follows it, so that the click is reported first. */
export function action(label: string, url: string | undefined, take: () => void): HTMLElement {
  const href = safeAddress(url, location.href);
  if (!href) return button(label, take, { look: 'primary', part: 'action' });
  const onclick = (event: MouseEvent) => {
    // Into a new tab: the browser's own.
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    take();
  };
  return h('a', { href, class: 'button primary', part: 'action', onclick }, label);
}

/** Lets a function be called once: a second click of an impatient person does nothing. */
export function once<Args extends readonly unknown[]>(run: (...args: Args) => void): (...args: Args) => void {
  let called = false;
  return (...args) => {
    if (called) return;
    called = true;
    run(...args);
  };
}

/** All that a person can do with a plain message: its action, its choices, and to put it off. */
export function buttons(content: Content, actions: Actions, notNow = false): Child {
  const { actionLabel, url, choices = [], snooze } = content;
  const t = texts();
  const leave = once((run: () => void) => run());
  const take = ({ value, label }: Choice) =>
    button(label, () => {
      leave(() => {
        actions.answer(value);
        actions.dismiss();
      });
    });
  const shown = [
    actionLabel && action(actionLabel, url, () => leave(() => actions.click())),
    ...choices.map(take),
    snooze && button(snooze.label, () => leave(() => actions.snooze()), { look: 'quiet', part: 'snooze' }),
    notNow &&
      !snooze &&
      (actionLabel || choices.length > 0) &&
      button(t.notNow, () => leave(() => actions.dismiss()), { look: 'quiet', part: 'not-now' }),
  ].filter(Boolean) as Child[];
  return shown.length > 0 && h('div', { class: 'row', part: 'actions' }, ...shown);
}
