import type { Source } from '../renderer';
import type { Message } from '../wire';
import { card, CARD_CSS } from './card';
import { h, shown } from './parts/h';
import { icon } from './parts/icons';
import { placeBeside } from './parts/place';
import { FLOATING } from './parts/styles';
import { Widget } from './parts/widget';
import { look, texts } from './settings';

const CSS = `${FLOATING}${CARD_CSS}
:host{display:inline-block;position:relative}
.bell{position:relative;min-inline-size:36px;padding:0;border-color:transparent}
.count{position:absolute;inset-block-start:0;inset-inline-end:0;min-inline-size:18px;padding-inline:4px;border-radius:9px;background:var(--_accent);color:var(--_on-accent);font-size:12px;line-height:18px;font-weight:600;text-align:center}
.panel{position:fixed;inset:auto;top:var(--_top);left:var(--_left);z-index:var(--_layer);inline-size:380px;max-inline-size:calc(100vw - 16px);max-block-size:min(560px,calc(100dvh - 96px));margin:0;padding:0;border-color:var(--_hairline);color:inherit}
.panel[hidden]{display:none}
.top{position:sticky;inset-block-start:0;z-index:1;display:flex;align-items:center;justify-content:space-between;padding:8px 8px 8px 24px;background:var(--_bg);border-block-end:1px solid var(--_hairline)}
:host(:dir(rtl)) .top{padding:8px 24px 8px 8px}
h3{margin:0;padding:12px 24px 0;font-size:13px;font-weight:600;color:var(--_muted)}
.empty{padding:32px 24px;text-align:center;color:var(--_muted)}
@media (pointer:coarse){.bell{min-inline-size:44px}}
@media (max-width:480px){.panel{top:auto;left:0;inset-block-end:0;inline-size:100%;max-inline-size:100%;max-block-size:85dvh;border-end-start-radius:0;border-end-end-radius:0}}`;

/** More are not counted out. */
const MOST_SHOWN = 9;

/** `<sojourn-inbox>`: a bell with the number of unread messages, and the list of them. An app puts it where it likes. */
export class Inbox extends Widget {
  constructor() {
    super(CSS);
    const t = texts();
    const bell = h('button.button.bell', { type: 'button', 'aria-haspopup': 'dialog', onclick: () => toggle() });
    const list = h('div');
    const panel = h(
      'section.panel',
      {
        role: 'dialog',
        tabindex: -1,
        'aria-labelledby': 'title',
        popover: 'manual',
        onkeydown: ({ key }: KeyboardEvent) => key === 'Escape' && close(true),
      },
      h(
        'div.top',
        {},
        h('h2.title', { id: 'title' }, t.messages),
        h(
          'button.button.quiet.close',
          { type: 'button', 'aria-label': t.close, onclick: () => close(true) },
          icon('close'),
        ),
      ),
      list,
    );
    panel.hidden = true;
    this.root.append(bell, panel);

    let cards: Message[] = [];
    let given: Source | undefined;
    let opened: AbortController | undefined;
    /** Unread when the list was opened: what is read meanwhile keeps its dot while the person looks at it. */
    const unread = new Set<string>();
    let drawn = '';

    const draw = () => {
      const fresh = cards.filter(({ seenAt }) => !seenAt);
      const count = fresh.length > MOST_SHOWN ? `${MOST_SHOWN}+` : String(fresh.length);
      bell.replaceChildren(icon('bell'), ...shown([fresh.length > 0 && h('span.count', {}, count)]));
      bell.setAttribute('aria-label', fresh.length > 0 ? `${t.messages}, ${t.unread}: ${count}` : t.messages);
      bell.setAttribute('aria-expanded', String(!!opened));
      if (!opened || !given) return;
      for (const { id } of fresh) unread.add(id);
      // What was seen since changes nothing that is shown, and a film must not start anew.
      const now = JSON.stringify(cards.map(({ id, content, answer }) => [id, content, answer]));
      if (now === drawn) return;
      drawn = now;
      const held = list.contains(this.root.activeElement);
      list.replaceChildren(...rowsOf(cards, given, unread));
      if (held) panel.focus();
    };
    const place = () => {
      const { clientWidth: width, clientHeight: height } = document.documentElement;
      const towards = getComputedStyle(this).direction === 'rtl' ? 'left' : 'right';
      const box = { width: panel.offsetWidth, height: panel.offsetHeight };
      const { top, left } = placeBeside(bell.getBoundingClientRect(), box, { width, height }, towards);
      panel.style.setProperty('--_top', `${Math.max(8, top)}px`);
      panel.style.setProperty('--_left', `${left}px`);
    };
    const close = (toBell: boolean) => {
      if (!opened) return;
      opened.abort();
      opened = undefined;
      // The top layer, where the browser has it: nothing of the app cuts the list off.
      if ('popover' in panel) panel.hidePopover();
      panel.hidden = true;
      draw();
      if (toBell) bell.focus();
    };
    const toggle = () => {
      if (opened) {
        close(true);
        return;
      }
      opened = new AbortController();
      const { signal } = opened;
      unread.clear();
      drawn = '';
      draw();
      panel.hidden = false;
      if ('popover' in panel) panel.showPopover();
      place();
      addEventListener('resize', place, { signal });
      addEventListener('scroll', place, { capture: true, passive: true, signal });
      addEventListener('pointerdown', (event) => event.composedPath().includes(this) || close(false), { signal });
      panel.focus();
    };
    this.left = () => close(false);
    this.show = ({ messages }, source) => {
      given = source;
      cards = messages.filter(({ content }) => content.kind === 'card');
      cards.sort((a, b) => Date.parse(b.sentAt) - Date.parse(a.sentAt));
      draw();
    };
    draw();
  }
}

/** A heading for each day, and its cards. */
function rowsOf(cards: readonly Message[], source: Source, unread: ReadonlySet<string>): HTMLElement[] {
  const rows: HTMLElement[] = [];
  let day = '';
  for (const message of cards) {
    const named = dayOf(message.sentAt);
    if (named !== day) rows.push(h('h3', {}, named), h('ul'));
    day = named;
    rows.at(-1)?.append(card(message, source, unread.has(message.id)));
  }
  return rows.length > 0 ? rows : [h('p.empty', {}, texts().empty)];
}

/** Today and yesterday by their words, other days by their date. */
function dayOf(time: string): string {
  const { locale } = look();
  const at = new Date(time);
  const midnight = (date: Date) => new Date(date).setHours(0, 0, 0, 0);
  const ago = Math.round((midnight(new Date()) - midnight(at)) / 86_400_000);
  if (ago > 1) return new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' }).format(at);
  const named = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-Math.max(0, ago), 'day');
  return named.charAt(0).toLocaleUpperCase(locale) + named.slice(1);
}
