import type { Source } from '../renderer';
import type { Message } from '../wire';
import { safeAddress } from './parts/address';
import { buttons, picture } from './parts/content';
import { h, type Child } from './parts/h';
import { closeButton } from './parts/icons';
import { look, texts } from './settings';

export const CARD_CSS = `.card{position:relative;padding:12px 24px;border-bottom:1px solid var(--_hairline)}
.card>div{padding-inline-end:24px}
.unread h4{font-weight:600}
.dot{position:absolute;inset-inline-start:8px;top:18px;width:8px;height:8px;border-radius:50%;background:var(--_accent)}
.card:last-child{border:0}`;

/** Draws a card of the inbox: words, a picture or film, and what can be done. @param unread shown by weight, a dot, and a word for a screen reader */
export function card(message: Message, source: Source, unread: boolean): HTMLElement {
  const { content, answer, sentAt } = message;
  const { title, body, choices = [] } = content;
  const actions = source.actionsOf(message);
  const chosen = choices.find(({ value }) => value === answer);
  const time = new Date(sentAt).toLocaleTimeString(look.locale, { timeStyle: 'short' });
  const element = h(
    unread ? 'li.card.unread' : 'li.card',
    {},
    unread && h('span.dot'),
    h(
      'div',
      {},
      h('h4', {}, unread && h('span.sr', {}, `${texts.unread}: `), title),
      body && h('p.muted', {}, body),
      h('time.muted.small', { datetime: sentAt }, time),
    ),
    film(content) ?? picture(content),
    chosen
      ? h('p.muted', {}, `${texts.yourChoice}: ${chosen.label}`)
      : // Whoever takes a choice sees it here afterwards.
        buttons(content, { ...actions, dismiss: () => undefined }),
    closeButton(`${texts.remove}: ${title ?? ''}`, actions.dismiss),
  );
  source.watch(element, message);
  return element;
}

function film({ video, image, title }: Message['content']): Child {
  const src = safeAddress(video);
  const label = image?.alt ?? title;
  const poster = safeAddress(image?.url);
  return src && h('video.image', { src, poster, controls: true, playsinline: true, 'aria-label': label });
}
