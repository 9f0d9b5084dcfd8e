import type { Item } from './queue';
import type { Answer, Message } from './wire';

/** What the user did to a message before the server has said so: it is gone, or some of its members have changed. */
type Change = Partial<Message> | null;

/** What a reaction `answer` says. */
interface GivenAnswer {
  readonly value: string;
  readonly answers: Readonly<Record<string, Answer>>;
  readonly done: boolean;
}

/** Shows what the user did at once, and until the server's own state shows it. */
export interface Optimistic {
  apply: (item: Item) => void;
  /** Forgets what the server has refused. */
  refuse(item: Item): void;
  /** The messages of the server, as the user has left them. */
  over(messages: readonly Message[]): readonly Message[];
}

export function createOptimistic(now: () => number): Optimistic {
  const changes = new Map<string, Change>();
  const changed = ({ to, body }: Item, before: Partial<Message>): Change => {
    const at = new Date(now()).toISOString();
    if (to === 'seen') return { seenAt: at };
    if (to === 'clicked') return { clickedAt: at };
    if (to !== 'answer') return null;
    const { value, answers: given, done } = (body ?? {}) as Partial<GivenAnswer>;
    if (value !== undefined) return { answeredAt: at, answer: value };
    return { answers: { ...before.answers, ...given }, ...(done && { answeredAt: at }) };
  };
  return {
    apply: (item) => {
      const { message } = item;
      if (!message) return;
      const before = changes.get(message);
      const change = before === null ? null : changed(item, before ?? {});
      changes.set(message, change && { ...before, ...change });
    },
    refuse: ({ message = '' }) => void changes.delete(message),
    over: (messages) => {
      const byId = new Map(messages.map((message) => [message.id, message]));
      for (const [id, change] of changes) {
        const message = byId.get(id);
        // A message that is gone may come back when it was snoozed, and then shows again.
        if (!message || (change && confirmed(change, message))) changes.delete(id);
      }
      return messages.flatMap((message) => {
        const change = changes.get(message.id);
        if (change === null) return [];
        return [change ? { ...message, ...change, answers: merged(message, change) } : message];
      });
    },
  };
}

/** The answers that the server knows, and those of here. */
function merged({ answers }: Message, change: Partial<Message>): Message['answers'] {
  return change.answers ? { ...answers, ...change.answers } : answers;
}

/** Whether the message of the server says what was changed here. Times differ by the way to the server. */
function confirmed(change: Partial<Message>, message: Message): boolean {
  return Object.entries(change).every(([name, value]) => {
    const theirs = message[name as keyof Message];
    if (name.endsWith('At')) return theirs !== null;
    if (name !== 'answers') return theirs === value;
    const all = merged(message, change);
    return JSON.stringify(all) === JSON.stringify(theirs);
  });
}
