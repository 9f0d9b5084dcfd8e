import type { Source } from '../renderer';
import type { Message } from '../wire';
import { card, CARD_CSS } from './card';
import { BELL_CSS, ring } from './parts/bell';
import { h } from './parts/h';
import { closeButton, icon } from './parts/icons';
import { keepBeside } from './parts/place';
import { Widget } from './parts/widget';
import { capitalized, look, texts } from './settings';

const CSS = `${BELL_CSS}${CARD_CSS}
.panel{position:fixed;inset:auto;top:var(--_top);left:var(--_left);z-index:var(--_layer);width:380px;max-width:calc(100vw - 16px);max-height:min(560px,calc(100dvh - 96px));margin:0;padding:0;border-color:var(--_hairline);color:inherit}
.top{position:sticky;top:0;z-index:1;display:flex;align-items:center;justify-content:space-between;padding:8px;padding-inline-start:24px;background:var(--_bg);border-bottom:1px solid var(--_hairline)}
h3{padding:12px 24px 0;font-size:13px;font-weight:600;color:var(--_muted)}
.empty{padding:32px 24px;text-align:center;color:var(--_muted)}
@media (max-width:480px){.panel{top:auto;left:0;bottom:0;width:100%;max-width:100%;max-height:85dvh}}`;

/** `<sojourn-inbox>`: a bell with the number of unread messages, and the list of them. An app puts it where it likes. */
export class Inbox extends Widget {
  constructor() {
    super(CSS);
    const toggle = () => (opened ? close(true) : open());
    const bell = h('button.button.bell', { type: 'button', 'aria-haspopup': 'dialog', onclick: toggle });
    const list = h('div');
    const panel = h(
      'section.panel',
      {
        ...{ role: 'dialog', tabindex: -1, 'aria-label': texts.messages, popover: 'manual', hidden: true },
        onkeydown: ({ key }: KeyboardEvent) => key === 'Escape' && close(true),
      },
      h(
        'div.top',
        {},
        h('h2.title', {}, texts.messages),
        closeButton(texts.close, () => close(true)),
      ),
      list,
    );
    this.root.append(bell, panel);

    let cards: Message[] = [];
    let given: Source | undefined;
    let opened: AbortController | undefined;
    /** Unread when the list was opened: what is read meanwhile keeps its dot while the person looks at it. */
    const unread = new Set<string>();
    let drawn = '';

    const draw = () => {
      const fresh = cards.filter(({ seenAt }) => !seenAt);
      ring(bell, icon('bell'), texts.messages, fresh.length);
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
    const close = (toBell: boolean) => {
      if (!opened) return;
      opened.abort();
      opened = undefined;
      if ('popover' in panel) panel.hidePopover();
      panel.hidden = true;
      draw();
      if (toBell) bell.focus();
    };
    const open = () => {
      opened = new AbortController();
      const { signal } = opened;
      unread.clear();
      drawn = '';
      draw();
      panel.hidden = false;
      // The top layer, where the browser has it: nothing of the app cuts the list off.
      if ('popover' in panel) panel.showPopover();
      keepBeside(() => bell, panel, signal, true);
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
  return rows.length > 0 ? rows : [h('p.empty', {}, texts.empty)];
}

/** Today and yesterday by their words, other days by their date. */
function dayOf(time: string): string {
  const { locale } = look;
  const at = new Date(time);
  const midnight = (date: Date) => new Date(date).setHours(0, 0, 0, 0);
  const ago = Math.round((midnight(new Date()) - midnight(at)) / 86_400_000);
  return ago > 1
    ? at.toLocaleDateString(locale, { weekday: 'long', day: 'numeric', month: 'long' })
    : capitalized(new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-Math.max(0, ago), 'day'));
}
