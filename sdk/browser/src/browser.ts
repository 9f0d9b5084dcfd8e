import { createClient, type Client, type ClientOptions } from './client';
import { direct } from './director';
import { safeAddress } from './kinds/parts/address';
import { getOwn } from './get-own';
import type { Renderer, Settings, Widget } from './renderer';
import { shareTabs, type Tabs } from './tabs';
import type { Kind } from './wire';

export interface BrowserOptions extends Omit<ClientOptions, 'now'>, Partial<Settings> {
  /** Messages are put at its end. Default: the body of the page. */
  readonly container?: Element;
  /** How far messages keep from the lower edge, as a CSS length: for a chat button or a cookie notice. */
  readonly offset?: string;
}

/** The module `kinds/`, which is loaded when the first message or widget needs it. */
export interface Kinds {
  readonly renderers: Readonly<Partial<Record<Kind, Renderer>>>;
  configure(settings: Settings): Promise<void>;
  defineWidgets(): void;
}

const WIDGETS = 'sojourn-chat, sojourn-inbox, sojourn-profile';

/** Starts the client in a browser. @param loadKinds loads the module `kinds/` */
export function startInBrowser(options: BrowserOptions, loadKinds: () => Promise<Kinds>): Client {
  const { container, offset, locale = document.documentElement.lang || navigator.language } = options;
  const local = localStorageIfAllowed();
  let tabs: Tabs | undefined;
  const share = (prefix: string): Tabs => (tabs = shareTabs(prefix, local));
  const storage = options.storage ?? local;
  const client = createClient({ ...options, ...(storage && { storage }) }, { share, directed: true });

  let loading: Promise<Kinds> | undefined;
  const kinds = async (): Promise<Kinds> => {
    const loaded = await (loading ??= loadKinds());
    await loaded.configure({ ...options, locale });
    return loaded;
  };

  /** That the widgets are defined, once one is in the page. */
  let defined: Promise<void> | undefined;
  const director = direct({
    client,
    load: async (kind) => getOwn((await kinds()).renderers, kind),
    claim: async (message, onFree) => tabs?.claim(message, onFree),
    place: (element) => {
      if (offset) element.style.setProperty('--sojourn-offset', offset);
      (container ?? document.body).append(element);
    },
    follow,
    onLook: lookForWidgets,
  });

  function lookForWidgets(): void {
    if (defined || !document.querySelector(WIDGETS)) return;
    defined = kinds().then((loaded) => loaded.defineWidgets());
    defined.then(showWidgets, () => (defined = undefined));
  }
  function showWidgets(): void {
    for (const element of defined ? document.querySelectorAll<Widget>(WIDGETS) : []) showIn(element);
  }
  function showIn(element: Widget): void {
    // Not yet defined elements have no methods.
    if (client.state && 'show' in element) element.show(client.state, director);
  }

  const listening = new AbortController();
  const { signal } = listening;
  document.addEventListener('sojourn-connect', ({ target }) => showIn(target as Widget), { signal });
  addEventListener('online', () => client.retry(), { signal });
  client.on('state', showWidgets);
  const { stop } = client;
  client.stop = () => {
    listening.abort();
    director.stop();
    stop();
  };
  return client;
}

/** Follows an address of a message, if it is http(s). */
function follow(url: string): void {
  const address = safeAddress(url);
  if (address) location.assign(address);
}

/** The storage of the page; undefined where the browser forbids it. */
function localStorageIfAllowed(): Storage | undefined {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}
