import type { Settings, View } from '../renderer';
import type { Message, PollResults, State } from '../wire';
import type { Example } from './examples';
import { showExample, showWidget, type ShownWidget, type WidgetTag } from './stage';

/** What the tests of the renderers do in a page of their own. It is not part of what is served. */
export interface Harness {
  /** What the person did, in order. */
  readonly log: [reaction: string, value?: unknown][];
  show(example: Example, settings?: Settings): Promise<void>;
  widget(tag: WidgetTag, state: State, settings?: Settings): Promise<void>;
  update(message: Message, results?: PollResults): void;
  showState(state: State): void;
  close(): Promise<void>;
  /** What has the focus, through shadow roots: its label or its text. */
  focused(): string;
  /** A computed style of something in an element of the SDK. */
  styleOf(tag: string, selector: string, property: string): string;
  /** Whether what has the focus, or what it stands in, is drawn with a ring of two pixels at least. */
  ringed(): boolean;
  /** How far the first line of a text is from the left and the right of the element that it stands in, in pixels. */
  gaps(tag: string, selector: string): { readonly left: number; readonly right: number } | null;
  /** How many animations run in an element of the SDK. */
  moving(tag: string): number;
  /** Which parts of an element of the SDK are wider than the room they have. */
  overflowing(tag: string): string[];
  /** Every address in an element of the SDK. */
  addresses(tag: string): (string | null)[];
  /** How many rows something of an element of the SDK stands in. */
  rows(tag: string, selector: string): number;
}

let view: View | undefined;
let shown: ShownWidget | undefined;
const log: Harness['log'] = [];
const note = (reaction: string, value?: unknown) => log.push(value === undefined ? [reaction] : [reaction, value]);

const all = (tag: string, selector: string): Element[] => [
  ...(document.querySelector(tag)?.shadowRoot?.querySelectorAll(selector) ?? []),
];

/** What has the focus, through shadow roots. */
function active(): Element | null {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at;
}

const harness: Harness = {
  log,
  async show(example, settings = { locale: 'en' }) {
    view = await showExample(example, settings, note);
  },
  async widget(tag, state, settings = { locale: 'en' }) {
    const place = document.querySelector('#widgets') ?? document.body;
    shown = await showWidget(tag, place, state, settings, note);
  },
  update: (message, results) => view?.update(message, results),
  showState: (state) => shown?.change(state),
  async close() {
    await view?.close();
  },
  focused() {
    const at = active();
    return at?.getAttribute('aria-label') ?? at?.textContent.trim() ?? '';
  },
  ringed() {
    for (let at = active(); at; at = at.parentElement) {
      const { outlineStyle, outlineWidth } = getComputedStyle(at);
      if (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2) return true;
    }
    return false;
  },
  gaps(tag, selector) {
    const [element] = all(tag, selector);
    if (!element) return null;
    const range = document.createRange();
    range.selectNodeContents(element);
    const [line] = range.getClientRects();
    const { left, right } = element.getBoundingClientRect();
    return line ? { left: line.left - left, right: right - line.right } : null;
  },
  styleOf: (tag, selector, property) =>
    all(tag, selector)
      .map((one) => getComputedStyle(one).getPropertyValue(property))
      .join(),
  moving: (tag) => document.querySelector(tag)?.shadowRoot?.getAnimations().length ?? 0,
  overflowing: (tag) =>
    all(tag, '*')
      .filter((one) => one.clientWidth > 1 && one.scrollWidth > one.clientWidth + 1)
      .map((one) => `${one.localName}.${one.className}`),
  addresses: (tag) => all(tag, '[href], [src]').map((one) => one.getAttribute('href') ?? one.getAttribute('src')),
  rows: (tag, selector) => new Set(all(tag, selector).map((one) => one.getBoundingClientRect().top)).size,
};
Object.assign(globalThis, { harness });
document.documentElement.dataset['ready'] = '';
