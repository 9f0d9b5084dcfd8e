import { load, save, type KeyValueStorage } from './storage';

/** A session ends after so long without activity. */
const IDLE_MS = 30 * 60_000;

interface Stored {
  readonly id: string;
  /** Epoch milliseconds of the last activity. */
  readonly at: number;
  /** The messages that appeared by themselves. */
  readonly shown: readonly string[];
  /** The flags whose variant the app has read, as the caller names them. */
  readonly exposed: readonly string[];
}

export interface Session {
  /** Notes activity, and returns the id of the session. */
  touch(): string;
  /** The messages that appeared by themselves in this session. */
  shown(): readonly string[];
  /** Notes that a message has appeared. */
  show(message: string): void;
  /** Notes that the app has read a variant of a flag. Returns whether it is the first time in this session. */
  expose(variant: string): boolean;
}

/** The session of a user. Pages of one browser share it, and it survives a restart. */
export function createSession(storage: KeyValueStorage, key: string, now: () => number): Session {
  const fresh = (): Stored => ({ id: newId(), at: now(), shown: [], exposed: [] });
  let session = fresh();
  const adopt = (stored: unknown): void => {
    const { id, at, shown, exposed } = (stored ?? {}) as Partial<Stored>;
    if (id && at !== undefined && shown && exposed && now() - at < IDLE_MS) session = { id, at, shown, exposed };
  };
  const current = (): Stored => {
    // Another page may have gone on with it. Storage that answers later is not shared by pages.
    const stored = storage.getItem(key);
    if (typeof stored === 'string')
      try {
        adopt(JSON.parse(stored));
      } catch {
        // Not ours.
      }
    return now() - session.at < IDLE_MS ? session : fresh();
  };
  const change = (next: Stored): void => {
    session = { ...next, at: now() };
    void save(storage, key, session);
  };
  void load(storage, key).then(adopt);
  return {
    touch: () => {
      change(current());
      return session.id;
    },
    shown: () => current().shown,
    show: (message) => {
      const { shown, ...rest } = current();
      change({ ...rest, shown: [...new Set([...shown, message])] });
    },
    expose: (variant) => {
      const { exposed, ...rest } = current();
      if (exposed.includes(variant)) return false;
      change({ ...rest, exposed: [...exposed, variant] });
      return true;
    },
  };
}

/** An id that nobody else has: a UUID of version 4. `crypto.randomUUID` is missing in React Native and on pages without TLS. */
export function newId(): string {
  return 'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replace(/x/g, () => Math.floor(Math.random() * 16).toString(16));
}
