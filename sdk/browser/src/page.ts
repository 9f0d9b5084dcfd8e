import type { Situation } from './decide';

/** What a browser can say of the page. */
export type Observed = Pick<Situation, 'path' | 'open' | 'scrolled' | 'idle' | 'typing' | 'visible' | 'has'>;

export interface Page {
  now(): Observed;
  /** Says which selectors matter. The page's elements are watched only while there are any. */
  watch(selectors: boolean): void;
  stop(): void;
}

const SECOND = 1_000;

/** Watches the page. @param onChange called when something may have changed, and once a second */
export function watchPage(onChange: () => void): Page {
  const listening = new AbortController();
  const options = { signal: listening.signal, passive: true, capture: true };
  let path = location.pathname;
  let opened = Date.now();
  let active = opened;
  let scrolled = 0;
  /** The field that the user has typed in since it has the focus. */
  let typed: EventTarget | undefined;

  const noteActivity = (): void => {
    active = Date.now();
  };
  const noteScroll = (): void => {
    noteActivity();
    const { scrollHeight, clientHeight } = document.documentElement;
    scrolled = Math.max(scrolled, (scrollY / Math.max(1, scrollHeight - clientHeight)) * 100);
  };
  const tick = (): void => {
    // A page of a single-page app is one page for each path. No event tells of `history.pushState` in every browser.
    if (path !== location.pathname) {
      path = location.pathname;
      opened = Date.now();
      scrolled = 0;
    }
    onChange();
  };
  for (const name of ['keydown', 'pointerdown', 'pointermove']) addEventListener(name, noteActivity, options);
  addEventListener('scroll', noteScroll, options);
  addEventListener('input', (event) => (typed = event.composedPath()[0]), options);
  addEventListener('focusout', () => (typed = undefined), options);
  addEventListener('popstate', tick, options);
  document.addEventListener('visibilitychange', tick, options);
  const timer = setInterval(tick, SECOND);

  let due = false;
  const observer = new MutationObserver(() => {
    if (due) return;
    due = true;
    requestAnimationFrame(() => {
      due = false;
      onChange();
    });
  });
  let watching = false;

  return {
    now: () => ({
      path,
      open: (Date.now() - opened) / SECOND,
      scrolled,
      idle: (Date.now() - active) / SECOND,
      typing: !!typed && typed === focused(),
      visible: document.visibilityState === 'visible',
      has: (selector) => !!find(selector),
    }),
    watch: (selectors) => {
      if (selectors === watching) return;
      watching = selectors;
      if (watching) observer.observe(document, { childList: true, subtree: true, attributes: true });
      else observer.disconnect();
    },
    stop: () => {
      listening.abort();
      clearInterval(timer);
      observer.disconnect();
    },
  };
}

/** The element that has the focus, inside shadow trees, too. */
function focused(): Element | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
}

/** Finds an element. A selector comes from outside: one that this browser does not know fits nothing. */
export function find(selector: string): Element | null {
  try {
    return document.querySelector(selector);
  } catch {
    return null;
  }
}
