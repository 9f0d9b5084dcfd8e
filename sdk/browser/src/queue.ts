import { retryAfter, type Http } from './http';
import { createPatience } from './patience';
import { load, save, type KeyValueStorage } from './storage';
import type { Json, Reaction } from './wire';

/** What can be done in a conversation. To have seen it is a reaction, too. */
type ChatDeed = 'messages' | 'report' | 'block';

/** Something to tell the server: a reaction to a message, what is done in a conversation, or an event. */
export interface Item {
  /** The message, of a reaction. */
  readonly message?: string;
  /** The path of the conversation, of what is done there. */
  readonly chat?: string;
  /** The last part of the path. */
  readonly to: Reaction | 'answer' | 'events' | ChatDeed;
  readonly body?: { readonly [name: string]: Json };
}

/** More are not kept: the oldest go first. */
const MOST = 1_000;
/** Events in one request. */
const BATCH = 100;
/** Characters in one request. A character takes three bytes at most, and the API takes 500 kB. */
const BATCH_CHARACTERS = 150_000;
/** What browsers send after the page is gone, by the Fetch standard: 64 kB for all requests of a page together. */
const KEEPALIVE_CHARACTERS = 10_000;

export interface Queue {
  push(item: Item): void;
  /** Puts what an earlier run or another page has left in front, and sends it. Any code of the page may write to the storage: what is no item is left out. */
  adopt: (left: unknown) => void;
  /** Tries again without waiting. */
  retry(): void;
  stop(): void;
}

export interface QueueOptions {
  readonly http: Http;
  readonly storage: KeyValueStorage;
  readonly key: string;
  /** Gets what an earlier run or another page has left, before anything is sent. */
  readonly onLoaded: (items: readonly Item[]) => void;
  /** Gets what the server has accepted. */
  readonly onSent: () => void;
  /** Gets what the server has refused for good. */
  readonly onDropped: (item: Item) => void;
}

/**
 * Keeps reactions and events until the server has them, and sends them in order. Sending one twice does no harm: a reaction happens
 * once, and an event has an id.
 */
export function createQueue({ http, storage, key, onLoaded, onSent, onDropped }: QueueOptions): Queue {
  const patience = createPatience();
  let items: readonly Item[] = [];
  let stopped = false;
  let sending = false;
  /** Whether events go one by one, because a batch was refused: one of them may be at fault. */
  let oneByOne = false;

  const change = (next: readonly Item[]): void => {
    items = next.slice(-MOST);
    void save(storage, key, items);
  };
  const adopt = (left: unknown): void => {
    const ours = Array.isArray(left) ? (left as (Item | null)[]).filter((item): item is Item => Boolean(item?.to)) : [];
    if (!ours[0]) return;
    onLoaded(ours);
    change([...ours, ...items]);
    void send();
  };
  const loading = load(storage, key).then(adopt);

  /** The items that the next request tells: one that is no event, or the events up to the next such one. */
  function nextBatch(): Item[] {
    const batch: Item[] = [];
    let characters = 0;
    for (const item of items) {
      characters += JSON.stringify(item).length;
      if (batch.length > 0 && (item.to !== 'events' || characters > BATCH_CHARACTERS)) break;
      batch.push(item);
      if (item.to !== 'events' || oneByOne || batch.length === BATCH) break;
    }
    return batch;
  }

  function post(batch: readonly Item[]): Promise<Response> {
    const [{ message, chat, to, body } = batch[0] as Item] = batch;
    const events = to === 'events';
    const content = events ? { events: batch.map((item) => item.body) } : body;
    const path = events ? 'in-app' : chat ? `chats/${chat}` : `inbox/${message}`;
    const text = content ? JSON.stringify(content) : '';
    return http.request(`/v1/${path}/${to}`, {
      method: 'POST',
      keepalive: text.length < KEEPALIVE_CHARACTERS,
      ...(text && { body: text, headers: { 'Content-Type': 'application/json' } }),
    });
  }

  /** Returns the milliseconds to wait before the next request. */
  async function sendOne(batch: readonly Item[]): Promise<number> {
    const response = await post(batch);
    const { ok, status } = response;
    if (status === 401 && !http.renewable) stopped = true;
    if (status >= 500 || [401, 408, 429].includes(status)) return retryAfter(response) ?? patience.next();
    patience.reset();
    if (!ok && batch.length > 1) {
      oneByOne = true;
      return 0;
    }
    change(items.filter((item) => !batch.includes(item)));
    if (ok) onSent();
    else batch.forEach(onDropped);
    return 0;
  }

  async function send(): Promise<void> {
    if (sending) return;
    sending = true;
    await loading;
    while (items.length > 0 && !stopped) {
      const wait = await sendOne(nextBatch()).catch(() => patience.next());
      if (wait > 0) await patience.pause(wait);
    }
    oneByOne = sending = false;
  }

  void send();
  return {
    push: (item) => {
      change([...items, item]);
      void send();
    },
    adopt,
    retry: () => patience.wake(),
    stop: () => {
      stopped = true;
      patience.wake();
    },
  };
}
