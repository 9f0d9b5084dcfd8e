import type { Json } from '../../../engine/model/json';

/** The details of an entry. Which of them are present depends on its kind. */
export interface Details {
  /** The id of the run it belongs to. */
  readonly run?: string;
  /** The id of a message. */
  readonly id?: string;
  readonly key?: string | null;
  readonly step?: string;
  readonly channel?: string;
  readonly status?: string;
  /** The number of attempts at a message. */
  readonly attempts?: number;
  readonly outcome?: Json;
  readonly pending?: boolean;
  /** Epoch milliseconds. */
  readonly seenAt?: number | null;
}

/** An entry of the response of `GET /v1/users/:id/timeline`. */
export interface Entry {
  /** ISO 8601, by the journey clock. */
  readonly at: string;
  readonly kind: 'event' | 'stage' | 'refused' | 'entered' | 'step' | 'message' | 'goal' | 'ended';
  readonly what: string;
  readonly reason: string;
  readonly details: Details;
}

/** The content of a timeline, without ids and times. */
export interface Story {
  readonly events: readonly string[];
  /** Each stage with its reason. */
  readonly stages: readonly string[];
  /**
   * The runs by journey and key, and by number from the second run on. Each has the reason of the entry, each step with its reason
   * and messages, and the reason of the end.
   */
  readonly runs: Readonly<Record<string, readonly string[]>>;
}

/** Groups the entries of a timeline by events, stages and runs. Keeps their order. */
export function storyOf(entries: readonly Entry[]): Story {
  const entered = entries.filter(({ kind }) => kind === 'entered');
  const names = entered.map(runName);
  return {
    events: entries.filter(({ kind }) => kind === 'event').map(({ what }) => what),
    stages: entries.filter(({ kind }) => kind === 'stage').map(({ what, reason }) => `${what}: ${reason}`),
    runs: Object.fromEntries(entered.map((run, index) => [numbered(names, index), runLines(run.details.run, entries)])),
  };
}

/** Returns the sent messages of a channel, in order. */
export function sentBy(channel: string, entries: readonly Entry[]): Entry[] {
  return entries.filter(
    ({ kind, what, details }) => kind === 'message' && what === 'sent' && details.channel === channel,
  );
}

function runName({ what, details: { key } }: Entry): string {
  return typeof key === 'string' ? `${what} ${key}` : what;
}

function numbered(names: readonly string[], index: number): string {
  const name = names[index] ?? '';
  const number = names.slice(0, index + 1).filter((other) => other === name).length;
  return number === 1 ? name : `${name} (${number})`;
}

function runLines(run: string | undefined, entries: readonly Entry[]): string[] {
  const own = entries.filter(({ details }) => details.run === run);
  const messages = own.filter(({ kind }) => kind === 'message');
  return own.flatMap((entry) => {
    if (entry.kind === 'message') return [];
    if (entry.kind !== 'step') return [`${entry.kind}: ${entry.reason}`];
    const fates = messages.filter(({ details }) => details.step === entry.what).map((sent) => fate(sent, entry));
    return [[stepLine(entry), ...fates].join(', ')];
  });
}

/** Formats a step. A step without an outcome shows what it waits for. */
function stepLine({ what, reason, details: { status } }: Entry): string {
  return `${what}: ${status === 'waiting' ? 'waits for ' : ''}${reason}`;
}

/** Formats what happened to the message of a step. Adds the reason if it differs from the reason of the step. */
function fate({ what, reason, details: { channel } }: Entry, step: Entry): string {
  return `${what} by ${channel ?? 'none'}${reason === step.reason ? '' : ` (${reason})`}`;
}
