import type { OpenClient } from './client';
import { cardOf, decide, isLasting, type Standing } from './decide';
import { report } from './emitter';
import { watchSeen } from './impressions';
import { getOwn } from './get-own';
import { watchPage } from './page';
import type { Actions, Renderer, Source, View } from './renderer';
import type { Kind, Message, PollResults } from './wire';

export interface DirectorOptions {
  readonly client: OpenClient;
  /** Loads what draws a kind; undefined for kinds that it doesn't know. */
  readonly load: (kind: Kind) => Promise<Renderer | undefined>;
  /** As in `Tabs`. */
  readonly claim: (message: string, onFree: () => void) => Promise<(() => void) | undefined>;
  /** Puts a view on the page. */
  readonly place: (element: HTMLElement) => void;
  /** Leads the browser to an address. */
  readonly follow: (url: string) => void;
  /** Called at every look at the page, once a second at least. */
  readonly onLook: () => void;
}

export interface Director extends Source {
  stop(): void;
}

/** A message that has its place on the screen. */
interface Shown extends Standing {
  message: Message;
  answered: boolean;
  /** Missing while it loads, and where the app shows it. */
  view?: View | undefined;
  /** What the view shows, as JSON. */
  drawn: string;
  /** Ends the watch for its impression. */
  unwatch?: () => void;
  /** Gives back the claim. */
  readonly ends: (() => void)[];
}

/** Shows messages when their time has come, and takes them from the screen when it is over. */
export function direct({ client, load, claim, place, follow, onLook }: DirectorOptions): Director {
  const standing = new Map<string, Shown>();
  const left = new Set<string>();
  const happened = new Set<string>();
  const page = watchPage(look);
  const offs = [
    client.on('state', look),
    client.on('track', (event) => {
      for (const { id, content } of client.messages) if (content.where?.event === event) happened.add(id);
      look();
    }),
  ];

  function look(): void {
    onLook();
    const { messages, state, session } = client;
    const shown = session.shown();
    const most = state?.session?.most ?? Infinity;
    const wanted = decide(messages, { ...page.now(), now: Date.now(), happened, left, shown, most, standing });
    page.watch(messages.some(({ content: { anchor, where } }) => anchor ?? where?.element));
    const cards = new Set(wanted.map(cardOf));
    for (const card of standing.keys()) if (!cards.has(card)) takeAway(card);
    for (const message of wanted) {
      const there = standing.get(cardOf(message));
      if (there) update(there, message);
      else void show(message);
    }
  }

  function update(there: Shown, message: Message): void {
    const isNew = message.id !== there.message.id;
    there.message = message;
    if (isNew) watchAnew(there);
    const drawn = drawnOf(message);
    // To be drawn again costs a button its focus, and a press that is under way.
    if (drawn === there.drawn) return;
    there.drawn = drawn;
    there.view?.update(message, resultsOf(message));
  }

  /** What a view draws: no view shows whether its message has been seen. */
  const drawnOf = (message: Message): string => JSON.stringify([{ ...message, seenAt: null }, resultsOf(message)]);

  const resultsOf = ({ content: { poll = '' } }: Message): PollResults | undefined => getOwn(client.state?.polls, poll);

  async function show(message: Message): Promise<void> {
    const card = cardOf(message);
    const there: Shown = { message, drawn: drawnOf(message), answered: false, ends: [] };
    standing.set(card, there);
    const release = await claim(message.id, () => {
      left.delete(message.id);
      look();
    });
    if (release) there.ends.push(release);
    else left.add(message.id);
    const isOver = (): boolean => standing.get(card) !== there;
    if (!release || isOver()) {
      takeAway(card, there);
      return;
    }
    client.session.show(message.id);
    if (client.emit('message', there.message)) return;
    try {
      const renderer = await load(message.content.kind);
      there.view = renderer?.(there.message, actionsOf(there.message), resultsOf(there.message));
    } catch (error) {
      report(error);
    }
    const { view } = there;
    // What can't be shown must not keep its place from other messages.
    if (!view) left.add(message.id);
    if (!view || isOver()) {
      takeAway(card, there);
      return;
    }
    place(view.element);
    watchAnew(there);
  }

  /** Watches until the message has been seen that a view shows now. */
  function watchAnew(there: Shown): void {
    there.unwatch?.();
    if (there.view) there.unwatch = watch(there.view.element, there.message);
  }

  function takeAway(card: string, there = standing.get(card)): void {
    if (standing.get(card) === there) standing.delete(card);
    there?.unwatch?.();
    for (const end of there?.ends.splice(0) ?? []) end();
    void there?.view?.close();
    // Its place may be for another one.
    queueMicrotask(look);
  }

  function watch(element: Element, { id, seenAt }: Message): () => void {
    return seenAt === null ? watchSeen(element, () => client.react(id, 'seen')) : () => undefined;
  }

  function actionsOf(message: Message): Actions {
    const card = cardOf(message);
    /** The card may show a newer message by now. */
    const current = (): Message => standing.get(card)?.message ?? message;
    const leave = (): void => {
      left.add(current().id);
      takeAway(card);
    };
    return {
      click: (url = current().content.url) => {
        client.react(current().id, 'clicked');
        if (!isLasting(message)) leave();
        if (url) follow(url);
      },
      dismiss: () => {
        const answered = standing.get(card)?.answered || current().answeredAt !== null;
        // A card stays in the inbox when it has been answered, until the server has heard that it is left.
        if (!answered || message.content.kind === 'card') client.react(current().id, 'dismissed');
        leave();
      },
      snooze: () => {
        client.react(current().id, 'snoozed');
        takeAway(card);
      },
      answer: (value) => {
        noteAnswer(card);
        client.answer(current().id, value);
      },
      answerQuestions: (answers, done) => {
        if (done) noteAnswer(card);
        client.answerQuestions(current().id, answers, done);
      },
    };
  }

  function noteAnswer(card: string): void {
    const there = standing.get(card);
    if (there) there.answered = true;
  }

  look();
  return {
    actionsOf,
    watch,
    watchSeen,
    chat: client.chat,
    stop: () => {
      for (const off of offs) off();
      page.stop();
      for (const card of [...standing.keys()]) takeAway(card);
    },
  };
}
