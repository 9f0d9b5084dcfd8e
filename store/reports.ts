import type { DefinitionsProvider } from '../engine/definitions/definitions';
import { changeConsent } from './consent';
import type { Database } from './database';
import { createReferences, findReferenced, type Reference } from './message-references';
import type { PendingEvent } from './pending';
import { recordReceipts, type Receipt } from './receipts';

/** A receipt of a provider that knows the message by an id of its own. */
export type ForeignReceipt = Omit<Receipt, 'messageId'> & { readonly of: Reference };

/** What a person wrote to a number of ours. The message that they mean is the last one to their number. */
export interface Reply {
  /** The channel, and the number as the provider writes it: E.164. */
  readonly from: Reference;
  readonly text: string;
  /** A word by which the person wants to hear no more, or to hear again. Null for any other text. */
  readonly asks: 'stop' | 'start' | null;
  /** The id of the text at the provider. */
  readonly providerId: string;
  /** Epoch milliseconds of the journey clock. */
  readonly at: number;
}

/** What providers report. */
export type Report = Receipt | ForeignReceipt | Reply;

/**
 * Stores what providers report, whichever name they have for a message. What is about no message that is known leaves no trace.
 * @param now epoch milliseconds of the journey clock
 * @returns the events that are awaited
 */
export async function recordReports(
  database: Database,
  definitions: DefinitionsProvider,
  reports: readonly Report[],
  now: number,
): Promise<PendingEvent[]> {
  const own: Receipt[] = [];
  const pending: PendingEvent[] = [];
  for (const report of reports) {
    if ('messageId' in report) own.push(report);
    else if ('of' in report) {
      const { of, ...receipt } = report;
      const [message] = await findReferenced(database.pool, of);
      if (message) own.push({ ...receipt, messageId: message.messageId });
    } else pending.push(...(await recordReply(database, definitions, report, now)));
  }
  return [...pending, ...(await recordReceipts(database, definitions, own, now))];
}

/** Where the ids of texts are kept that have been dealt with. */
const TEXTS = 'replies';

/**
 * Stores a reply. A stop is a "no" to the channel of everyone whose messages went to the number, because nobody knows which of them
 * has the phone in hand. A start takes such a "no" back, and says nothing where there is none, because `YES` may answer a question.
 * Every text but a stop is an answer to the last message.
 */
async function recordReply(
  database: Database,
  definitions: DefinitionsProvider,
  { from, text, asks, providerId, at }: Reply,
  now: number,
): Promise<PendingEvent[]> {
  const { pool } = database;
  const reference = { source: TEXTS, reference: providerId };
  // A text that comes again must not undo what the person has answered since.
  if ((await findReferenced(pool, reference)).length > 0) return [];
  const messages = await findReferenced(pool, from);
  const [last] = messages;
  if (!last) return [];
  const pending: PendingEvent[] = [];
  const answering = messages.filter(({ consent }) => asks === 'stop' || (asks === 'start' && consent === false));
  for (const { userId } of answering) {
    const answers = { [from.source]: asks === 'start' };
    const change = { userId, answers, at, alsoAsAlias: true, origin: { source: 'reply' } };
    pending.push(...((await changeConsent(database, definitions, change))?.pending ?? []));
  }
  const told: Receipt[] =
    asks === 'stop'
      ? messages.map(({ messageId }) => ({ messageId, kind: 'unsubscribed', at }))
      : [{ messageId: last.messageId, kind: 'replied', at, text, providerId }];
  pending.push(...(await recordReceipts(database, definitions, told, now)));
  // Last, so that a text is dealt with again when the process dies meanwhile. All of the above may be done twice.
  await createReferences(pool).add(last.messageId, reference);
  return pending;
}
