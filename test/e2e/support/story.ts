import type { Json } from '../../../engine/model/json';

/** What an entry says of itself, as far as its kind has it. */
export interface Details {
  /** The run it belongs to. */
  readonly run?: string;
  /** Of a message. */
  readonly id?: string;
  readonly key?: string | null;
  readonly step?: string;
  readonly channel?: string;
  readonly status?: string;
  readonly outcome?: Json;
  readonly pending?: boolean;
  /** Epoch milliseconds. */
  readonly seenAt?: number | null;
}

/** An entry of the timeline that `GET /v1/users/:id/timeline` answers. */
export interface Entry {
  /** ISO 8601, by the clock of the journeys. */
  readonly at: string;
  readonly kind: 'event' | 'stage' | 'entered' | 'step' | 'message' | 'goal' | 'ended';
  readonly what: string;
  readonly reason: string;
  readonly details: Details;
}

/** What a timeline tells, without ids and times. */
export interface Story {
  readonly events: readonly string[];
  /** Each stage with its reason. */
  readonly stages: readonly string[];
  /** By journey and key (and number, from the second run on): why it was entered, each step with its reason and what was sent, how it ended. */
  readonly runs: Readonly<Record<string, readonly string[]>>;
}

/** Sorts a timeline by what it is about; in order, as it is. */
export function storyOf(entries: readonly Entry[]): Story {
  const entered = entries.filter(({ kind }) => kind === 'entered');
  const names = entered.map(runName);
  return {
    events: entries.filter(({ kind }) => kind === 'event').map(({ what }) => what),
    stages: entries.filter(({ kind }) => kind === 'stage').map(({ what, reason }) => `${what}: ${reason}`),
    runs: Object.fromEntries(entered.map((run, index) => [numbered(names, index), runLines(run.details.run, entries)])),
  };
}

/** Messages of a channel that went out, in order. */
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

/** Of a step that is not over, or never was before the run ended, what it waits for. */
function stepLine({ what, reason, details: { status } }: Entry): string {
  return `${what}: ${status === 'waiting' ? 'waits for ' : ''}${reason}`;
}

/** What became of a step's message, and why if it is not for the step's own reason. */
function fate({ what, reason, details: { channel } }: Entry, step: Entry): string {
  return `${what} by ${channel ?? 'none'}${reason === step.reason ? '' : ` (${reason})`}`;
}
