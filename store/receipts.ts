import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import type { DefinitionsProvider } from '../engine/definitions/definitions';
import { storableText } from '../engine/model/json';
import {
  ACTIVE_RECEIPTS,
  PREFETCHED,
  RECEIPTS,
  type MachineSign,
  type ReceiptKind,
} from '../engine/model/message-receipt';
import { receiptProperties, type ReportedMessage } from '../engine/model/receipt-properties';
import { retryOnConflict } from './conflict';
import { changeConsent } from './consent';
import type { Database } from './database';
import { ingest } from './ingest';
import type { IncomingEvent } from './ingest-values';
import type { PendingEvent } from './pending';
import { prepared } from './sql';
import { storeEvents } from './store-events';
import { rememberReports, type AddressReport } from './suppressions';

/** What a provider reports about a message. */
export interface Receipt {
  /** Our id of the message. Receipts with another one are of somebody else. */
  readonly messageId: string;
  readonly kind: ReceiptKind;
  /** Epoch milliseconds of the journey clock, by the clock of the provider. */
  readonly at: number;
  /** Of a bounce: the address takes no mail for good. Default: false, a soft bounce, which counts. */
  readonly permanent?: boolean;
  /** Of opens and clicks: a machine did it, such as a proxy of a mail program or a scanner. */
  readonly machine?: boolean;
  /** Of what a machine did: by what it was told from a person, where that is known. */
  readonly sign?: MachineSign;
  /** Of a click: where the link leads. */
  readonly url?: string;
  /** Of a reply: what the person wrote. */
  readonly text?: string;
  /** The words of the provider, for people. They stay in the database. */
  readonly detail?: string;
  /** The address of the message. Default: the one that the user has now. */
  readonly address?: string;
  /** The id of this report at the provider, where it has one. Two replies are told apart by it. */
  readonly providerId?: string;
}

/** The most characters that are kept of what a receipt says. */
const MOST = { url: 2_000, text: 10_000, detail: 1_000 } as const;

interface FoundMessage extends ReportedMessage {
  readonly userId: string;
  readonly decidedAt: number;
}

const FIND = prepared<{ readonly ids: readonly string[] }>(
  'find-reported-messages',
  (param) => `
SELECT m.id, m.user_id AS "userId", m.channel, m.journey, m.step, m.run_id AS run, r.key, m.card ->> 'slot' AS slot,
  m.decided_at AS "decidedAt"
FROM messages m LEFT JOIN runs r ON r.id = m.run_id WHERE m.id = ANY (${param.ids}::uuid[])`,
);

interface Marks {
  readonly ids: readonly string[];
  readonly delivered: readonly (number | null)[];
  readonly opened: readonly (number | null)[];
  readonly clicked: readonly (number | null)[];
  readonly bounced: readonly (number | null)[];
  readonly complained: readonly (number | null)[];
}

/** The columns of `messages` that receipts fill in. */
const MARKED = ['delivered', 'opened', 'clicked', 'bounced', 'complained'] as const;

/** The first of several receipts counts, in whichever order they come. A row that already says so is not written. */
const MARK = prepared<Marks>(
  'mark-reported-messages',
  (param) => `
UPDATE messages m SET ${MARKED.map((one) => `${one}_at = least(m.${one}_at, n.${one})`).join(', ')}
FROM unnest(${param.ids}::uuid[], ${MARKED.map((one) => `${param[one]}::bigint[]`).join(', ')}) AS n (id, ${MARKED.join(', ')})
WHERE m.id = n.id AND (${MARKED.map((one) => `n.${one} < coalesce(m.${one}_at, n.${one} + 1)`).join(' OR ')})`,
);

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/**
 * Stores what providers report: an event for each receipt that is new, its time with the message, and what it says of the address.
 * Receipts may come in any order, early, late and several times. One of a message that is not known, such as that of a user who was
 * erased, leaves no trace.
 * @param now epoch milliseconds of the journey clock
 * @returns the events that are awaited
 */
export async function recordReceipts(
  database: Database,
  definitions: DefinitionsProvider,
  receipts: readonly Receipt[],
  now: number,
): Promise<PendingEvent[]> {
  const reports = await reportsOf(database.pool, receipts, now);
  if (reports.length === 0) return [];
  // The event comes last: one that is stored shows that the rest was done. So a receipt that comes again does not undo that the person
  // has agreed since.
  const acting = await notYetKnown(
    database,
    reports.filter(({ kind }) => ACTING.has(kind)),
  );
  await rememberReports(database.pool, acting.flatMap(aboutAddress));
  const answers = await unsubscribe(database, definitions, acting, now);
  await mark(database.pool, reports);
  const told = await ingest(database, definitions, {
    events: reports.map(eventOf),
    aliases: [],
    receivedAt: now,
    ofKnownUsers: true,
  });
  return [...answers, ...told.pending];
}

/** The receipts of messages that are known, with their messages. */
async function reportsOf(pool: Pool, receipts: readonly Receipt[], now: number): Promise<readonly Report[]> {
  const ids = [...new Set(receipts.map(({ messageId }) => messageId.toLowerCase()))].filter((id) => UUID.test(id));
  if (ids.length === 0) return [];
  const { rows } = await pool.query<FoundMessage>(FIND({ ids }));
  const messages = new Map(rows.map((message) => [message.id, message]));
  return receipts.flatMap((receipt) => {
    const message = messages.get(receipt.messageId.toLowerCase());
    return message ? [toReport(receipt, message, now)] : [];
  });
}

/**
 * Stores receipts whose messages a worker gave up itself. What they say of addresses is stored already. Each is one with that of the
 * provider about the same, whichever comes first.
 * @param now epoch milliseconds of the journey clock
 * @returns the events that are awaited
 */
export async function recordOwnReceipts(
  pool: Pool,
  definitions: DefinitionsProvider,
  receipts: readonly Receipt[],
  now: number,
): Promise<readonly PendingEvent[]> {
  const reports = await reportsOf(pool, receipts, now);
  if (reports.length === 0) return [];
  await mark(pool, reports);
  const reception = { receivedAt: now, ofKnownUsers: true };
  return (await storeEvents(pool, definitions, reports.map(eventOf), reception)).pending ?? [];
}

/** Receipts that do more than to tell. */
const ACTING: ReadonlySet<ReceiptKind> = new Set(['bounced', 'complained', 'unsubscribed']);

const KNOWN = prepared<{ readonly userIds: readonly string[]; readonly eventIds: readonly string[] }>(
  'known-receipts',
  (param) => `
SELECT e.message_id AS id FROM unnest(${param.userIds}::text[], ${param.eventIds}::text[]) AS one (user_id, message_id)
JOIN events e ON e.user_id = one.user_id AND e.message_id = one.message_id`,
);

/** The reports whose events are not stored yet. */
async function notYetKnown({ pool }: Database, reports: readonly Report[]): Promise<readonly Report[]> {
  if (reports.length === 0) return [];
  const values = { userIds: reports.map(({ message }) => message.userId), eventIds: reports.map(eventId) };
  const { rows } = await pool.query<{ id: string }>(KNOWN(values));
  const known = new Set(rows.map(({ id }) => id));
  return reports.filter((report) => !known.has(eventId(report)));
}

/** A receipt of a message that is known. */
interface Report extends Receipt {
  readonly message: FoundMessage;
}

/** A receipt happens after its message was decided, whatever the clock of the provider says, and before it came. */
function toReport(receipt: Receipt, message: FoundMessage, now: number): Report {
  return { ...receipt, message, at: Math.max(message.decidedAt, Math.min(now, receipt.at)) };
}

function isMachine({ kind, machine }: Receipt): boolean {
  return machine === true && (kind === 'opened' || kind === 'clicked');
}

function aboutAddress({ kind, permanent = false, message, address, at }: Report): AddressReport[] {
  if (kind !== 'bounced' && kind !== 'complained') return [];
  const cause = kind === 'bounced' && !permanent ? 'soft bounce' : kind;
  return [{ messageId: message.id, address: address ? storableText(address) : null, cause, at }];
}

async function mark(pool: Pool, reports: readonly Report[]): Promise<void> {
  const times = new Map<string, Partial<Record<ReceiptKind, number>>>();
  for (const report of reports.filter((one) => !isMachine(one))) {
    const { message, kind, at } = report;
    const known = times.get(message.id) ?? {};
    times.set(message.id, { ...known, [kind]: Math.min(at, known[kind] ?? at) });
  }
  const marked = [...times].filter(([, kinds]) => MARKED.some((kind) => kinds[kind] !== undefined));
  if (marked.length === 0) return;
  // In the order of their ids, so that two requests can't deadlock.
  marked.sort(([a], [b]) => (a < b ? -1 : 1));
  const column = (kind: ReceiptKind): (number | null)[] => marked.map(([, kinds]) => kinds[kind] ?? null);
  const values = {
    ids: marked.map(([id]) => id),
    delivered: column('delivered'),
    opened: column('opened'),
    clicked: column('clicked'),
    bounced: column('bounced'),
    complained: column('complained'),
  };
  await retryOnConflict(() => pool.query(MARK(values)));
}

/** A person who unsubscribes at the provider opts out of the channel. */
async function unsubscribe(
  database: Database,
  definitions: DefinitionsProvider,
  reports: readonly Report[],
  at: number,
): Promise<PendingEvent[]> {
  const pending: PendingEvent[] = [];
  for (const { kind, message } of reports) {
    if (kind !== 'unsubscribed') continue;
    const { userId, channel } = message;
    const origin = { source: 'receipt' };
    const change = { userId, answers: { [channel]: false }, at, alsoAsAlias: true, origin };
    pending.push(...((await changeConsent(database, definitions, change))?.pending ?? []));
  }
  return pending;
}

function eventOf(report: Report): IncomingEvent {
  const { message, kind, at, permanent = false, url, text, detail, sign } = report;
  const machine = isMachine(report);
  const facts = {
    permanent: kind === 'bounced' ? permanent : undefined,
    url: kind === 'clicked' ? cut(url, MOST.url) : undefined,
    sign: machine ? sign : undefined,
    text: kind === 'replied' ? cut(text, MOST.text) : undefined,
    detail: cut(detail, MOST.detail),
  };
  return {
    userId: message.userId,
    messageId: eventId(report),
    type: 'track',
    name: machine ? PREFETCHED : RECEIPTS[kind],
    at,
    active: !machine && ACTIVE_RECEIPTS.has(RECEIPTS[kind]),
    traits: null,
    properties: JSON.stringify(receiptProperties(message, facts)),
    anonymousId: null,
  };
}

function cut(given: string | undefined, most: number): string | undefined {
  return given === undefined ? undefined : storableText(given.slice(0, most));
}

/** What makes a receipt one of its own among those of its kind. Apps can't send events with such an id. */
function eventId(report: Report): string {
  const { kind, message, permanent = false, url, text, providerId } = report;
  const apart = {
    clicked: url,
    bounced: permanent ? undefined : 'soft',
    replied: providerId ?? text,
  }[kind as string];
  const suffix = apart === undefined ? '' : `:${createHash('sha256').update(apart).digest('base64url').slice(0, 22)}`;
  return `sojourn:${isMachine(report) ? 'prefetched-' : ''}${kind}:${message.id}${suffix}`;
}
