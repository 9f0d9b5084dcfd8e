import type { Actions } from '../../renderer';
import type { Content } from '../../wire';
import { texts } from '../settings';
import { safeAddress } from './address';
import { classed, h, shown, type Child } from './h';

/** The title and the text of a message. */
export const words = ({ title, body }: Content): Child[] => [
  title && h('h2.title.head', { id: 'title' }, title),
  body && classed(h('p', { id: 'body' }, body), 'body', title ? 'muted' : 'head'),
];

export function picture({ image }: Content): Child {
  const src = safeAddress(image?.url);
  return src && h('img.image', { src, alt: image?.alt ?? '', loading: 'lazy' });
}

type ButtonLook = 'primary' | 'quiet';

export const button = (label: string, onclick: () => void, look?: ButtonLook): HTMLButtonElement =>
  classed(h('button', { type: 'button', onclick }, label), 'button', look);

/** The buttons below a message. */
export function row(...buttons: readonly Child[]): Child {
  const all = shown(buttons);
  return all.length > 0 && h('div.row', {}, ...all);
}

/**
 * A link that the client follows, so that the click is reported first. Only one that is opened in a new tab is the browser's own.
 * Nothing if the address may not be followed.
 */
export function link(label: string, url: string | undefined, follow: () => void): HTMLAnchorElement | undefined {
  const href = safeAddress(url);
  const onclick = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    follow();
  };
  return href === undefined ? undefined : h('a', { href, onclick }, label);
}

/** A link in the look of a button, or a button if there is no address to follow. */
export function action(label: string, url: string | undefined, take: () => void): HTMLElement {
  const made = link(label, url, take);
  return made ? classed(made, 'button', 'primary') : button(label, take, 'primary');
}

/** All that a person can do with a plain message: its action, its choices, and to put it off. @param notNow whether to offer to leave it */
export function buttons({ actionLabel, url, choices = [], snooze }: Content, actions: Actions, notNow = false): Child {
  const { click, answer, dismiss } = actions;
  const take = (value: string) => () => {
    answer(value);
    dismiss();
  };
  return row(
    actionLabel && action(actionLabel, url, () => click()),
    ...choices.map(({ value, label }) => button(label, take(value))),
    snooze
      ? button(snooze.label, actions.snooze, 'quiet')
      : notNow && (actionLabel || choices.length > 0) && button(texts().notNow, dismiss, 'quiet'),
  );
}
