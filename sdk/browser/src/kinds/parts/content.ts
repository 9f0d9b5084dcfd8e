import type { Actions } from '../../renderer';
import type { Content } from '../../wire';
import { texts } from '../settings';
import { safeAddress } from './address';
import type { Kind } from './frame';
import { h, type Child } from './h';

/** The title and the text of a message. */
export const words = ({ title, body }: Content): Child[] => [
  title && h('h2.title.head', { id: 'title' }, title),
  body && h(title ? 'p.body.muted' : 'p.body.head', { id: 'body' }, body),
];

export function picture({ image }: Content): Child {
  const src = safeAddress(image?.url);
  return src && h('img.image', { src, alt: image?.alt ?? '', loading: 'lazy' });
}

type ButtonLook = '' | '.primary' | '.quiet' | '.chip';

export const button = (label: string, onclick: () => void, look: ButtonLook = ''): HTMLButtonElement =>
  h(`button.button${look}`, { type: 'button', onclick }, label);

/** The buttons below a message. */
export const row = (...buttons: readonly Child[]): HTMLElement => h('div.row', {}, ...buttons);

/**
 * A link that the client follows, so that the click is reported first. Only one that is opened in a new tab is the browser's own.
 * Nothing if the address may not be followed.
 */
export function link(
  label: string,
  url: string | undefined,
  follow: () => void,
  look: '' | '.button.primary' = '',
): HTMLAnchorElement | undefined {
  const href = safeAddress(url);
  const onclick = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    follow();
  };
  return href ? h(`a${look}`, { href, onclick }, label) : undefined;
}

/** A link in the look of a button, or a button if there is no address to follow. */
export const action = (label: string, url: string | undefined, take: () => void): HTMLElement =>
  link(label, url, take, '.button.primary') ?? button(label, take, '.primary');

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
      ? button(snooze.label, actions.snooze, '.quiet')
      : notNow && (actionLabel || choices.length > 0) && button(texts.notNow, dismiss, '.quiet'),
  );
}

/** Draws a message that has only what all kinds have. */
export const plain: Kind = ({ show, actions }, { content }) => {
  show(picture(content), ...words(content), buttons(content, actions, true));
};
