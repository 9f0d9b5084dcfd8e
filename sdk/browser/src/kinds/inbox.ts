import type { Source, Widget } from '../renderer';
import type { Message, State } from '../wire';
import { card, CARD_CSS } from './card';
import { dress, ShadowElement } from './parts/element';
import { h } from './parts/h';
import { icon } from './parts/icons';
import { placeBeside } from './parts/place';
import { FLOATING } from './parts/styles';
import { fill, look, texts } from './settings';

const CSS = `${FLOATING}${CARD_CSS}
:host{display:inline-block;position:relative}
.bell{position:relative;min-inline-size:36px;padding:0;border-color:transparent}
.count{position:absolute;inset-block-start:-2px;inset-inline-end:-4px;min-inline-size:18px;padding-inline:4px;border-radius:9px;background:var(--_accent);color:var(--_on-accent);font-size:12px;line-height:18px;font-weight:600;text-align:center}
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
export class Inbox extends ShadowElement implements Widget {
  private readonly root = dress(this, CSS);
  private readonly bell = h('button', {
    type: 'button',
    class: 'button bell',
    part: 'bell',
    'aria-haspopup': 'dialog',
    onclick: () => this.toggle(),
  });
  private readonly list = h('div');
  private readonly panel = h('section', {
    class: 'panel',
    part: 'panel',
    role: 'dialog',
    tabindex: -1,
    'aria-labelledby': 'title',
    hidden: true,
    popover: 'manual',
  });
  /** Unread when the list was opened: what is read meanwhile keeps its dot while the person looks at it. */
  private readonly unread = new Set<string>();
  private drawn = '';
  private state: State | undefined;
  private source: Source | undefined;
  private opened: AbortController | undefined;

  constructor() {
    super();
    const t = texts();
    const close = () => this.close(true);
    this.panel.append(
      h(
        'div',
        { class: 'top' },
        h('h2', { id: 'title', part: 'title' }, t.messages),
        h(
          'button',
          { type: 'button', class: 'button quiet close', 'aria-label': t.close, onclick: close },
          icon('close'),
        ),
      ),
      this.list,
    );
    this.panel.addEventListener('keydown', ({ key }) => key === 'Escape' && close());
    this.root.append(this.bell, this.panel);
    this.entered = () => this.dispatchEvent(new Event('sojourn-connect', { bubbles: true, composed: true }));
    this.left = () => this.close(false);
    this.draw();
  }

  show(state: State, source: Source): void {
    this.state = state;
    this.source = source;
    this.draw();
  }

  private cards(): Message[] {
    const cards = (this.state?.messages ?? []).filter(({ content }) => content.kind === 'card');
    return cards.sort((a, b) => Date.parse(b.sentAt) - Date.parse(a.sentAt));
  }

  private draw(): void {
    const t = texts();
    const cards = this.cards();
    const unread = cards.filter(({ seenAt }) => !seenAt);
    const count = unread.length > MOST_SHOWN ? `${MOST_SHOWN}+` : String(unread.length);
    this.bell.replaceChildren(
      icon('bell'),
      ...(unread.length > 0 ? [h('span', { class: 'count', part: 'count' }, count)] : []),
    );
    this.bell.setAttribute(
      'aria-label',
      unread.length > 0 ? `${t.messages}: ${fill(t.unread, unread.length)}` : t.messages,
    );
    this.bell.setAttribute('aria-expanded', String(Boolean(this.opened)));
    if (!this.opened || !this.source) return;
    for (const { id } of unread) this.unread.add(id);
    this.drawList(cards, this.source);
  }

  private drawList(cards: readonly Message[], source: Source): void {
    // What was seen since changes nothing that is shown, and a film must not start anew.
    const drawn = JSON.stringify(cards.map(({ id, content, answer }) => [id, content, answer]));
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const held = this.list.contains(this.root.activeElement);
    const rows: HTMLElement[] = [];
    let day = '';
    for (const message of cards) {
      const named = dayOf(message.sentAt);
      if (named !== day) rows.push(h('h3', {}, named), h('ul'));
      day = named;
      rows.at(-1)?.append(card(message, source, this.unread.has(message.id)));
    }
    this.list.replaceChildren(...(rows.length > 0 ? rows : [h('p', { class: 'empty' }, texts().empty)]));
    if (held) this.panel.focus();
  }

  private toggle(): void {
    if (this.opened) return this.close(true);
    const { signal } = (this.opened = new AbortController());
    this.unread.clear();
    this.drawn = '';
    this.draw();
    this.panel.hidden = false;
    // The top layer, where the browser has it: nothing of the app cuts the list off.
    if ('popover' in this.panel) this.panel.showPopover();
    const move = () => this.place();
    move();
    addEventListener('resize', move, { signal });
    addEventListener('scroll', move, { capture: true, passive: true, signal });
    const outside = (event: Event) => event.composedPath().includes(this) || this.close(false);
    addEventListener('pointerdown', outside, { signal });
    this.panel.focus();
  }

  private close(toBell: boolean): void {
    if (!this.opened) return;
    this.opened.abort();
    this.opened = undefined;
    if ('popover' in this.panel) this.panel.hidePopover();
    this.panel.hidden = true;
    this.draw();
    if (toBell) this.bell.focus();
  }

  private place(): void {
    const { clientWidth: width, clientHeight: height } = document.documentElement;
    const towards = getComputedStyle(this).direction === 'rtl' ? 'left' : 'right';
    const box = { width: this.panel.offsetWidth, height: this.panel.offsetHeight };
    const { top, left } = placeBeside(this.bell.getBoundingClientRect(), box, { width, height }, towards);
    this.panel.style.setProperty('--_top', `${Math.max(8, top)}px`);
    this.panel.style.setProperty('--_left', `${left}px`);
  }
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
