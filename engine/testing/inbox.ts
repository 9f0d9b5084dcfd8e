import type { JsonObject } from '../model/json';
import { REACTIONS, snoozeMs } from '../model/message-reaction';
import type { Message, RecordedEvent, Run } from '../model/state';

type Sent = Pick<
  Message,
  'channel' | 'id' | 'runId' | 'journey' | 'card' | 'whileInside' | 'decidedAt' | 'expiresAt'
> & {
  readonly content: JsonObject;
};

interface ShownCard<M> {
  readonly latest: M;
  readonly isDismissed: boolean;
}

/** What became of messages, by their ids, and of their runs. */
export interface Fates {
  readonly dismissed: ReadonlySet<unknown>;
  /** Until when messages are put off, epoch milliseconds. */
  readonly snoozedUntil: ReadonlyMap<unknown, number>;
  /** The ids of the runs that are open. */
  readonly openRuns: ReadonlySet<string>;
}

/**
 * The messages that the app shows, the latest first: of each card the latest message, unless the card is dismissed or the message has
 * expired, is put off, or lasted only while its run was open. `store/inbox.ts` says the same in SQL; test/api/inbox-card.test.ts
 * compares the two.
 * @param messages rendered messages that went out; those of other channels are left out
 * @param now epoch milliseconds
 */
export function shownIn<M extends Sent>(
  messages: readonly M[],
  { dismissed, snoozedUntil, openRuns }: Fates,
  now: number,
): M[] {
  const cards = new Map<string, ShownCard<M>>();
  for (const message of messages.filter(({ channel }) => channel === 'inApp').toSorted(inOrder)) {
    const { card } = message;
    const place = placeOf(message);
    // A progress message without a slot always opens its card again.
    const isOpened = card === undefined || card.reopen === true;
    const wasDismissed = !isOpened && cards.get(place)?.isDismissed === true;
    cards.set(place, { latest: message, isDismissed: wasDismissed || dismissed.has(message.id) });
  }
  return [...cards.values()]
    .filter(({ latest, isDismissed }) => !isDismissed && latest.expiresAt > now)
    .filter(({ latest }) => (snoozedUntil.get(latest.id) ?? now) <= now)
    .filter(({ latest }) => latest.whileInside !== true || openRuns.has(latest.runId))
    .map(({ latest }) => latest)
    .sort((a, b) => b.decidedAt - a.decidedAt || (a.id < b.id ? -1 : 1));
}

/** The card of a message. Without a slot it is one of its own, or that of the progress of its run. */
function placeOf({ id, runId, journey, card, content }: Sent): string {
  if (card) return JSON.stringify([journey, card.slot, card.key]);
  return content['kind'] === 'progress' ? runId : id;
}

/** Messages that were decided at the same instant are told apart by their steps or by their progress. */
function inOrder(a: Sent, b: Sent): number {
  const turnOf = ({ card, content }: Sent): number => card?.turn ?? Number(content['progress'] ?? 0);
  return a.decidedAt - b.decidedAt || turnOf(a) - turnOf(b);
}

/** What became of messages, by what their person did and by their runs. */
export function fatesOf(
  messages: readonly Sent[],
  events: readonly RecordedEvent[],
  runs: readonly Pick<Run, 'id' | 'endedAt'>[],
): Fates {
  const named = (name: string): RecordedEvent[] => events.filter((one) => one.name === name);
  const contents = new Map(messages.map(({ id, content }) => [id as unknown, content] as const));
  return {
    dismissed: new Set(named(REACTIONS.dismissed).map(({ properties }) => properties['message'])),
    snoozedUntil: new Map(
      named(REACTIONS.snoozed).map(({ at, properties: { message } }) => [
        message,
        at + snoozeMs(contents.get(message) ?? {}),
      ]),
    ),
    openRuns: new Set(runs.filter(({ endedAt }) => endedAt === null).map(({ id }) => id)),
  };
}
