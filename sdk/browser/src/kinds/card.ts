import type { Source } from '../renderer';
import type { Message } from '../wire';
import { safeAddress } from './parts/address';
import { buttons, picture } from './parts/content';
import { classed, h, type Child } from './parts/h';
import { icon } from './parts/icons';
import { look, texts } from './settings';

export const CARD_CSS = `
.card{position:relative;display:flex;flex-direction:column;gap:8px;padding:12px 48px 12px 24px;border-block-end:1px solid var(--_hairline)}
:host(:dir(rtl)) .card{padding:12px 24px 12px 48px}
.card h4{margin:0;font-size:14px;line-height:1.45;font-weight:400}
.unread h4{font-weight:600}
.dot{position:absolute;inset-inline-start:8px;inset-block-start:18px;inline-size:8px;block-size:8px;border-radius:50%;background:var(--_accent)}
.card>.close{position:absolute;inset-block-start:6px;inset-inline-end:8px}
.card img,.card video{margin-block-start:4px;margin-inline-end:-24px;inline-size:calc(100% + 24px)}
.card:last-child{border:0}
@media (pointer:coarse){.card>.close{inset-inline-end:2px}}
@media (forced-colors:active){.dot{forced-color-adjust:none;background:Highlight}}`;

/** Draws a card of the inbox: words, a picture or film, and what can be done. @param unread shown by weight, a dot, and a word for a screen reader */
export function card(message: Message, source: Source, unread: boolean): HTMLElement {
  const { content, answer, sentAt } = message;
  const { title, body, choices = [] } = content;
  const t = texts();
  const actions = source.actionsOf(message);
  const chosen = choices.find(({ value }) => value === answer);
  const time = new Intl.DateTimeFormat(look().locale, { timeStyle: 'short' }).format(new Date(sentAt));
  const element = h(
    'li',
    {},
    unread && h('span.dot'),
    h(
      'div',
      {},
      h('h4', {}, unread && h('span.sr', {}, `${t.unread}: `), title),
      body && h('p.muted', {}, body),
      h('time.muted.small', { datetime: sentAt }, time),
    ),
    film(content) ?? picture(content),
    chosen
      ? h('p.muted', {}, `${t.yourChoice}: ${chosen.label}`)
      : // Whoever takes a choice sees it here afterwards.
        buttons(content, { ...actions, dismiss: () => undefined }),
    h(
      'button.button.quiet.close',
      { type: 'button', 'aria-label': `${t.remove}: ${title ?? ''}`, onclick: actions.dismiss },
      icon('close'),
    ),
  );
  source.watch(element, message);
  return classed(element, 'card', unread && 'unread');
}

function film({ video, image, title }: Message['content']): Child {
  const src = safeAddress(video);
  const label = image?.alt ?? title;
  const poster = safeAddress(image?.url);
  return (
    src &&
    h('video.image', { src, poster, controls: true, playsinline: true, preload: 'metadata', 'aria-label': label })
  );
}
