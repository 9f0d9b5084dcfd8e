import type { Connection } from './connection';
import type { Item } from './queue';
import { newId } from './session';
import type { Sharing } from './sharing';
import type { State } from './wire';

/** What the pages of one user in one browser tell each other. */
type Told =
  | { readonly hello: string }
  | { readonly part: Partial<State>; readonly tag: string | undefined; readonly all: boolean }
  | { readonly item: Item; readonly refused: boolean | undefined }
  | { readonly reacted: true };

/** A {@link Sharing} that also says which page shows a message. */
export interface Tabs extends Sharing {
  /** Claims the right to show a message. Returns what gives it back; undefined while another page shows it. @param onFree then called */
  claim(message: string, onFree: () => void): Promise<(() => void) | undefined>;
  stop(): void;
}

/**
 * Lets the pages of one user share a connection. The page that holds the lock has it; when that page goes, the browser gives the lock
 * to the next one. On pages without TLS there are no locks, and each page has its own connection.
 * @param prefix names what belongs to the user, in locks, channel and storage
 */
export function shareTabs(prefix: string, storage: Storage | undefined): Tabs {
  // Missing without TLS and in old browsers, whatever the types say.
  const locks = navigator.locks as LockManager | undefined;
  const channel = typeof BroadcastChannel === 'function' ? new BroadcastChannel(prefix) : undefined;
  const queues = `${prefix}:queue:`;
  const queue = queues + newId();
  const stopping = new AbortController();
  const { signal } = stopping;
  const tell = (told: Told): void => {
    // A channel that is closed throws.
    if (!signal.aborted) channel?.postMessage(told);
  };
  const onTold = (hear: (told: Told) => void): void =>
    channel?.addEventListener('message', ({ data }: MessageEvent<Told>) => hear(data), { signal });

  /** Calls a function once nobody else holds the lock, and holds it until the promise resolves. */
  const whenFree = (name: string, work: () => void | Promise<void>): void => {
    if (locks) locks.request(name, { signal }, work).catch(() => undefined);
    else
      Promise.resolve()
        .then(work)
        .catch(() => undefined);
  };
  const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

  return {
    queue,
    connect: (open, sink) => {
      let own: Connection | undefined;
      let whole: State | undefined;
      const take = (part: Partial<State>, tag: string | undefined): void => {
        whole = { ...(whole as State), ...part };
        sink.patch(part, tag);
      };
      onTold((told) => {
        if ('hello' in told && own && whole) tell({ part: whole, tag: sink.tag(), all: true });
        // A page that has just come can't do anything with a part yet.
        else if ('part' in told && !own && (whole ?? told.all)) take(told.part, told.tag);
        else if ('reacted' in told) own?.reacted();
      });
      const lead = (): Promise<void> => {
        own = open({
          tag: sink.tag,
          patch: (part, tag) => {
            const all = !whole;
            take(part, tag);
            tell({ part, tag, all });
          },
        });
        return stopped;
      };
      if (channel) whenFree(`${prefix}:connection`, lead);
      else void lead();
      return {
        retry: () => own?.retry(),
        reacted: () => (own ? own.reacted() : tell({ reacted: true })),
        stop: () => {
          own?.stop();
          stopping.abort();
          channel?.close();
        },
      };
    },
    tell: (item, refused) => tell({ item, refused }),
    listen: ({ told, left }) => {
      const takeOver = (key: string): void => {
        const text = storage?.getItem(key);
        storage?.removeItem(key);
        if (text) left(JSON.parse(text));
      };
      const keys = Object.keys(storage ?? {}).filter((key) => key.startsWith(queues) && key !== queue);
      whenFree(queue, () => stopped);
      for (const key of keys) whenFree(key, () => takeOver(key));
      onTold((news) => {
        if ('item' in news) told(news.item, news.refused);
        else if ('hello' in news && locks) whenFree(news.hello, () => takeOver(news.hello));
      });
      tell({ hello: queue });
    },
    claim: async (message, onFree) => {
      if (!locks) return () => undefined;
      const name = `${prefix}:message:${message}`;
      return new Promise((resolve) => {
        const hold = (lock: Lock | null): Promise<void> | undefined => {
          if (!lock) {
            resolve(undefined);
            // Called once the lock is free again: whoever shows the message then claims it.
            locks.request(name, { signal }, () => undefined).then(onFree, () => undefined);
            return undefined;
          }
          return new Promise((release) => {
            void stopped.then(release);
            resolve(release);
          });
        };
        locks.request(name, { ifAvailable: true }, hold).catch(() => resolve(undefined));
      });
    },
    stop: () => stopping.abort(),
  };
}
