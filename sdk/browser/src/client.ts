import { createChats, type Conversation } from './chats';
import { connect, type Connection, type Sink } from './connection';
import { createEmitter, report, type Emitter } from './emitter';
import { getOwn } from './get-own';
import { createHttp, type HttpOptions } from './http';
import { shortened, type Kept } from './kept';
import { createOptimistic } from './optimistic';
import { createQueue, type Item } from './queue';
import { createSession, newId, type Session } from './session';
import type { Parts, Tell } from './sharing';
import { load, memoryStorage, save, type KeyValueStorage } from './storage';
import type { Answer, Json, Message, Reaction, State } from './wire';

/** The server's answer is usually there by then. So a message that is gone does not flash up at each start. */
const KEPT_AFTER_MS = 1_000;
/** Timers run at most this long. */
const LONGEST_MS = 1e9;

export type Properties = { readonly [name: string]: Json };

export interface ClientOptions extends HttpOptions {
  /** Keeps reactions, events and the last state across restarts. Default: nothing is kept. */
  readonly storage?: KeyValueStorage;
  /** Epoch milliseconds. Default: the system's clock. */
  readonly now?: () => number;
}

/** What a listener is told. `on('flags', …)` and the like get that member of the state when it has changed. */
export interface Events extends Required<State> {
  state: State;
  /** A message may be shown now. A listener that returns true shows it. */
  message: Message;
  /** The name of an event that has been tracked, here or on another page of this browser. */
  track: string;
}

/** Messages, flags and the profile of one user, and what the user does. */
export interface Client {
  /** All that a page shows of its user; undefined until it is known. */
  readonly state: State | undefined;
  /**
   * When the state was kept, in epoch milliseconds, if it is that of an earlier run: it is shown until the server has answered.
   * Undefined afterwards.
   */
  readonly keptAt: number | undefined;
  /** The messages, the latest first. */
  readonly messages: readonly Message[];
  /** Returns a function that removes the listener. */
  on: Emitter<Events>['on'];
  /** Calls a function whenever the state has changed. Returns a function that removes it. */
  subscribe(listener: () => void): () => void;
  /**
   * The value of a flag; the fallback while it is unknown, or has another type. If the flag is an experiment, the first reading in a
   * session is reported as `Flag Exposed`.
   */
  flag<Value extends Json>(name: string, fallback: Value): Value;
  track(event: string, properties?: Properties): void;
  identify(traits: Properties): void;
  page(name?: string, properties?: Properties): void;
  screen(name?: string, properties?: Properties): void;
  /** Reports what the user did with a message. The state shows it at once. */
  react(message: string, reaction: Reaction): void;
  /** Takes a choice of a message, or an option of a poll or quiz. */
  answer(message: string, value: string): void;
  /** Answers questions of a survey or rating. @param done whether these were the last */
  answerQuestions(message: string, answers: Readonly<Record<string, Answer>>, done: boolean): void;
  /** A conversation of the user with other people, by its name and key. */
  chat: (chat: string, key: string) => Conversation;
  /** Tries at once to send and to connect, for example when the network is back. */
  retry(): void;
  /** Closes the connection. What is not sent yet stays in the storage. */
  stop: () => void;
}

/** A client with the parts that the browser's own entry needs. */
export interface OpenClient extends Client {
  readonly session: Session;
  emit: Emitter<Events>['emit'];
}

/** Makes a client of the parts of this folder. */
export function createClient(options: ClientOptions, { share, directed = false }: Parts = {}): OpenClient {
  const { storage = memoryStorage(), now = Date.now } = options;
  const http = createHttp(options);
  const { on, emit } = createEmitter<Events>();
  const optimistic = createOptimistic(now);
  const chats = createChats(now, () => state?.chats, push);
  const prefix = `sojourn:${http.user}`;
  const keptKey = `${prefix}:state`;
  const session = createSession(storage, `${prefix}:session`, now);
  const sharing = share?.(prefix);
  const known = new Set<string>();
  let server: State | undefined;
  let state: State | undefined;
  let tag: string | undefined;
  let keptAt: number | undefined;
  let stopped = false;
  /** Shows the kept state at first, and later what is left once a message has expired. */
  let timer = setTimeout(() => {
    void load(storage, keptKey).then((kept) => {
      if (!server && kept) take(...(kept as Kept));
    });
  }, KEPT_AFTER_MS);

  function take(part: Partial<State>, at?: number): void {
    keptAt = at;
    server = { ...(server as State), ...part };
    show(Object.keys(part) as (keyof State)[]);
  }

  function show(members: readonly (keyof State)[]): void {
    if (!server) return;
    const left = ({ expiresAt }: Message): number => Date.parse(expiresAt) - now();
    const messages = optimistic.over(server.messages).filter((message) => left(message) > 0);
    state = { ...server, messages, chats: chats.over(server.chats) };
    // Results of polls alone may come ten times a second.
    if (!keptAt && String(members) !== 'polls') void save(storage, keptKey, [shortened(server), now()] satisfies Kept);
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(show, Math.min(LONGEST_MS, ...messages.map(left)), ['messages']);
    for (const member of members) emit(member, state[member] as never);
    emit('state', state);
    for (const message of state.messages) {
      if (!directed && !known.has(message.id)) emit('message', message);
      known.add(message.id);
    }
  }

  const sink: Sink = {
    tag: () => tag,
    patch: (part, next) => {
      tag = next;
      take(part);
    },
  };
  const apply = (item: Item, deed: 'apply' | 'refuse' = 'apply'): void => {
    optimistic[deed](item);
    chats[deed](item);
  };
  const queue = createQueue({
    http,
    storage,
    key: sharing?.queue ?? `${prefix}:queue`,
    onLoaded: (items) => {
      items.forEach((item) => apply(item));
      show(['messages', 'chats']);
    },
    onSent: () => connection.reacted(),
    onDropped: (item) => tell(item, true),
  });
  const open = (to: Sink): Connection => connect(http, to);
  const connection = sharing?.connect(open, sink) ?? open(sink);
  const told: Tell = (item, refused) => {
    const { chat, to, body } = item;
    if (to === 'events') {
      if (!refused && body?.['type'] === 'track') emit('track', body['event'] as string);
      return;
    }
    apply(item, refused ? 'refuse' : 'apply');
    show([chat === undefined ? 'messages' : 'chats']);
  };
  const tell: Tell = (item, refused) => {
    sharing?.tell(item, refused);
    told(item, refused);
  };
  sharing?.listen({ told, left: queue.adopt });

  function push(given: Item): void {
    let item: Item;
    try {
      // It is kept, sent and told to other pages as JSON. What can't be written as JSON must not hold up what follows.
      item = JSON.parse(JSON.stringify(given)) as Item;
    } catch (error) {
      report(error);
      return;
    }
    queue.push(item);
    tell(item);
  }
  const call = (type: string, content: Properties, context?: Properties): void =>
    push({
      to: 'events',
      body: {
        type,
        messageId: newId(),
        timestamp: new Date(now()).toISOString(),
        context: { sessionId: session.touch(), ...context },
        ...content,
      },
    });
  function exposed(flag: string): void {
    const variant = getOwn(state?.variants, flag);
    if (variant === undefined || !session.expose(`${flag} ${variant}`)) return;
    // A component may read a flag while it renders, when nothing else may change.
    queueMicrotask(() => call('track', { event: 'Flag Exposed', properties: { flag, variant } }, { active: false }));
  }
  const view =
    (type: 'page' | 'screen'): Client['page'] =>
    (name, properties = {}) =>
      call(type, { ...(name !== undefined && { name }), properties });

  return {
    get state() {
      return state;
    },
    get keptAt() {
      return keptAt;
    },
    get messages() {
      return state?.messages ?? [];
    },
    session,
    on,
    emit,
    subscribe: (listener) => on('state', listener),
    flag: (name, fallback) => {
      const value = getOwn(state?.flags, name);
      if (typeof value !== typeof fallback) return fallback;
      exposed(name);
      return value as typeof fallback;
    },
    track: (event, properties = {}) => call('track', { event, properties }),
    identify: (traits) => call('identify', { traits }),
    page: view('page'),
    screen: view('screen'),
    react: (message, to) => push({ message, to }),
    answer: (message, value) => push({ message, to: 'answer', body: { value } }),
    answerQuestions: (message, answers, done) => push({ message, to: 'answer', body: { answers, done } }),
    chat: chats.of,
    retry: () => {
      queue.retry();
      connection.retry();
    },
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      queue.stop();
      connection.stop();
    },
  };
}
