import type { JsonObject } from '../model/json';
import { REACTIONS } from '../model/message-reaction';
import type { Message, RecordedEvent } from '../model/state';

type Sent = Pick<Message, 'channel' | 'id' | 'runId' | 'journey' | 'card' | 'decidedAt' | 'expiresAt'> & {
  readonly content: JsonObject;
};

interface ShownCard<M> {
  readonly latest: M;
  readonly isDismissed: boolean;
}

/**
 * The messages that the app shows, the latest first: of each card the latest message, unless the card is dismissed or the message has
 * expired. `store/inbox.ts` says the same in SQL; test/api/inbox-card.test.ts compares the two.
 * @param messages rendered messages that went out; those of other channels are left out
 * @param dismissed the ids of those that were dismissed
 * @param now epoch milliseconds
 */
export function shownIn<M extends Sent>(messages: readonly M[], dismissed: ReadonlySet<unknown>, now: number): M[] {
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

/** The ids of the messages that were dismissed. */
export function dismissedIn(events: readonly RecordedEvent[]): ReadonlySet<unknown> {
  return new Set(
    events.filter(({ name }) => name === REACTIONS.dismissed).map(({ properties }) => properties['message']),
  );
}
