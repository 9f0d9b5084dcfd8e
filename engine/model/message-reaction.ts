import type { JsonObject } from './json';
import { PREFETCHED, RECEIPTS } from './message-receipt';
import type { RecordedEvent } from './state';
import type { Answers } from './survey';

/** What people do with a message in their inbox, and the name of the event that says so. */
export const REACTIONS = {
  seen: 'Message Seen',
  clicked: 'Message Clicked',
  dismissed: 'Message Dismissed',
  snoozed: 'Message Snoozed',
  answered: 'Message Answered',
} as const;

/** What a person did with a message. */
export type MessageReaction = keyof typeof REACTIONS;

const NAMES: ReadonlySet<string> = new Set([...Object.values(REACTIONS), ...Object.values(RECEIPTS), PREFETCHED]);

/**
 * The run that sent the message of a reaction or receipt.
 * @returns null for any other event, and for a message that no run sent
 */
export function runOfReaction({ name, properties }: Pick<RecordedEvent, 'name' | 'properties'>): string | null {
  if (!NAMES.has(name)) return null;
  const { run } = properties;
  return typeof run === 'string' ? run : null;
}

/** A message that somebody reacts to. */
export interface ReactedMessage {
  readonly id: string;
  readonly journey: string;
  readonly step: string;
  /** The run that sent it, and its key; null if there is none. */
  readonly run: string | null;
  readonly key: string | null;
  /** The slot of its card; null if it is a card of its own. */
  readonly slot: string | null;
}

/** What an answer says. */
export interface Said {
  /** The value of the choice; of a survey, the answer to its first question as text. */
  readonly value: string;
  /** The answers to the questions of a survey or rating. */
  readonly answers?: Answers;
  /** Whether it is the right option of a quiz. */
  readonly right?: boolean;
}

/** The properties of the event of a reaction. `said` is the answer, if the reaction is one. */
export function reactionProperties(message: ReactedMessage, said?: Said): JsonObject {
  const { id, journey, step, run, key, slot } = message;
  return {
    message: id,
    journey,
    step,
    ...(run !== null && { run }),
    ...(key !== null && { key }),
    ...(slot !== null && { slot }),
    ...(said as JsonObject | undefined),
  };
}

/** For how long a message can be put off, milliseconds of the journey clock; 0 if it can't be. */
export function snoozeMs(content: JsonObject): number {
  const snooze = content['snooze'] as { readonly seconds: number } | undefined;
  return (snooze?.seconds ?? 0) * 1_000;
}
