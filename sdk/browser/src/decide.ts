import type { Kind, Message } from './wire';

/** What happens on the page, as far as it matters for messages. */
export interface Situation {
  /** Epoch milliseconds. */
  readonly now: number;
  /** The path of the address. */
  readonly path: string;
  /** Seconds since the page was opened. */
  readonly open: number;
  /** Percent of the page that the user has been at. */
  readonly scrolled: number;
  /** Seconds in which the user did nothing. */
  readonly idle: number;
  /** Whether the user types in a field. */
  readonly typing: boolean;
  /** Whether the page can be seen. */
  readonly visible: boolean;
  /** Whether an element fits a CSS selector. */
  has(selector: string): boolean;
  /** The ids of messages whose event has been tracked since they were there. */
  readonly happened: ReadonlySet<string>;
  /** The ids of messages that do not show by themselves on this page: the user has left them, or another page shows them. */
  readonly left: ReadonlySet<string>;
  /** The ids of messages that have appeared in this session. */
  readonly shown: readonly string[];
  /** At most so many messages appear in a session. */
  readonly most: number;
  /** The cards that are on the screen, by {@link cardOf}. */
  readonly standing: ReadonlyMap<string, Standing>;
}

/** A message on the screen. */
export interface Standing {
  readonly message: Message;
  /** Whether the user has answered it since it appeared. It then stays until its view says that the user is done. */
  readonly answered: boolean;
}

/** Kinds that stay after their action was taken: they show how far something has come. */
const LASTING: readonly Kind[] = ['progress', 'checklist'];

/** Kinds that the inbox and the chat show: they never appear by themselves. */
const IN_WIDGETS: readonly Kind[] = ['card', 'chat'];

/** Whether a message stays after its action was taken. */
export function isLasting({ content }: Message): boolean {
  return LASTING.includes(content.kind);
}

/**
 * What names the card that a message belongs to: a newer message of the same card takes its place. As for the server, the progress
 * messages of a run are one card.
 */
export function cardOf({ id, journey, run, key, slot, content }: Message): string {
  if (slot !== null) return JSON.stringify([journey, key, slot]);
  return content.kind === 'progress' ? (run ?? id) : id;
}

/** Whether a path fits a pattern, in which `*` stands for anything. */
export function fits(path: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return path === first;
  if (!path.startsWith(first)) return false;
  let from = first.length;
  for (const part of rest) {
    const at = path.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return path.length - last.length >= from && path.endsWith(last);
}

/** Whether something is left for the user to do. */
function isOpen(message: Message): boolean {
  return message.answeredAt === null && (message.clickedAt === null || isLasting(message));
}

/** Whether a message may be at this place: what must hold as long as it is on the screen. */
function mayStay({ content: { anchor, where = {} }, expiresAt }: Message, on: Situation): boolean {
  return (
    Date.parse(expiresAt) > on.now &&
    (where.page === undefined || fits(on.path, where.page)) &&
    (where.element === undefined || on.has(where.element)) &&
    (anchor === undefined || on.has(anchor))
  );
}

/** Whether a message may appear now, apart from others. */
function mayAppear(message: Message, on: Situation): boolean {
  const { id, content } = message;
  const { event, delay = 0, scroll = 0, idle = 0 } = content.where ?? {};
  return (
    !IN_WIDGETS.includes(content.kind) &&
    isOpen(message) &&
    !on.left.has(id) &&
    (event === undefined || on.happened.has(id)) &&
    on.open >= delay &&
    on.scrolled >= scroll &&
    on.idle >= idle &&
    mayStay(message, on)
  );
}

/**
 * Decides which messages are on the screen now: a banner at most, and one of the other kinds at most. What stands there stays as long
 * as it may. Else the highest priority comes first, then the latest.
 * @param messages the latest first
 */
export function decide(messages: readonly Message[], on: Situation): readonly Message[] {
  const newest = new Map(messages.map((message) => [cardOf(message), message] as const).reverse());
  const staying = [...on.standing].flatMap(([card, { message, answered }]) => {
    const now = newest.get(card) ?? (answered ? message : undefined);
    return now && (answered || (isOpen(now) && mayStay(now, on))) ? [now] : [];
  });
  const taken = new Set(staying.map(place));
  const appeared = new Set([...on.shown, ...staying.map(({ id }) => id)]);
  const quiet = on.typing || !on.visible;
  const waiting = quiet
    ? []
    : messages.filter((message) => !on.standing.has(cardOf(message)) && mayAppear(message, on));
  // Sorting keeps the order of equals.
  waiting.sort((a, b) => (b.content.priority ?? 0) - (a.content.priority ?? 0));
  for (const message of waiting) {
    if (taken.has(place(message)) || (!appeared.has(message.id) && appeared.size >= on.most)) continue;
    taken.add(place(message));
    appeared.add(message.id);
    staying.push(message);
  }
  return staying;
}

const place = ({ content }: Message): 'edge' | 'middle' => (content.kind === 'banner' ? 'edge' : 'middle');
