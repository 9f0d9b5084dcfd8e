import { startInBrowser, type BrowserOptions, type Kinds } from './browser';
import type { Client } from './client';

/** Where this script came from. The module with the kinds stands beside it. */
const base = (document.currentScript as HTMLScriptElement | null)?.src ?? location.href;

// The one script tag of a page without a bundler. It leaves the global `Sojourn`, which is what `index.ts` exports.
Object.assign(globalThis, {
  Sojourn: {
    start: (options: BrowserOptions): Client =>
      startInBrowser(options, () => import(new URL('kinds.js', base).href) as Promise<Kinds>),
  },
});
