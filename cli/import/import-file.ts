import { extname } from 'node:path';
import type { Totals } from './checkpoint';
import { readEvents } from './read-events';
import { readPeople } from './read-people';
import type { Row } from './row';
import type { Item, Reject, Sent } from './send';

/** Calls in a request. */
const CALLS = 500;
/** The API takes half a megabyte. Characters, as most are one byte. */
const CHARACTERS = 300_000;

/** The types of calls that change a user, and the fields that name one. */
const CHANGES: readonly unknown[] = ['identify', 'group', 'alias'];
const IDS = ['userId', 'anonymousId', 'previousId'];

/** Reads a file of people or events, by the end of its name. */
export function rowsOf(file: string): AsyncGenerator<Row> {
  const extension = extname(file).toLowerCase();
  if (extension === '.csv') return readPeople(file);
  if (['.jsonl', '.ndjson'].includes(extension)) return readEvents(file);
  throw new Error(`${file}: expected people in a .csv file, or events in a .jsonl file`);
}

/** Some rows that are sent together. */
interface Batch {
  readonly rows: number;
  /** The line of the last row. */
  readonly line: number;
  readonly items: readonly Item[];
  /** Rows that can't be sent. */
  readonly rejects: readonly Reject[];
}

/** How a file is imported. */
export interface FileImport {
  readonly file: string;
  /** All rows up to this line are done already. */
  readonly after: number;
  /** Requests at the same time. */
  readonly concurrency: number;
  readonly send: (items: readonly Item[]) => Promise<Sent>;
  /** Called when all rows up to a line are done, with what is new. */
  readonly done: (line: number, more: Totals, rejects: readonly Reject[]) => void;
}

/**
 * Imports a file, some requests at a time. Rows count as done in their order, whichever request ends first. Calls that change the same
 * user are sent in their order: the traits of the last one count.
 */
export async function importFile({ file, after, concurrency, send, done }: FileImport): Promise<void> {
  const waiting: Promise<void>[] = [];
  const underWay = new Map<Promise<unknown>, ReadonlySet<string>>();
  let before = Promise.resolve();
  let failure: unknown;
  for await (const batch of batchesOf(rowsOf(file), after)) {
    const users = changedBy(batch.items);
    const mustWait = (): boolean =>
      underWay.size >= concurrency || [...underWay.values()].some((others) => [...users].some((id) => others.has(id)));
    while (mustWait()) await Promise.race(underWay.keys()).catch(() => undefined);
    if (failure !== undefined) break;
    const sent = send(batch.items);
    underWay.set(sent, users);
    // Noted before anything that waits for it is sent: otherwise later calls of a user would be stored, and earlier ones not.
    sent.catch((error: unknown) => (failure ??= error));
    const ended = sent.finally(() => underWay.delete(sent));
    const earlier = before;
    before = ended.then(async (result) => {
      await earlier;
      const rejects = [...batch.rejects, ...result.rejects].sort((a, b) => a.line - b.line);
      const { stored, duplicates } = result;
      done(batch.line, { rows: batch.rows, stored, duplicates, rejected: rejects.length }, rejects);
    });
    before.catch((error: unknown) => (failure ??= error));
    waiting.push(before);
    if (waiting.length > concurrency * 4) await waiting.shift();
  }
  await Promise.allSettled(waiting);
  await before;
}

/** The ids in calls that change a user. All other calls have a time, so their order does not matter. */
function changedBy(items: readonly Item[]): Set<string> {
  const changes = items.filter(({ call }) => CHANGES.includes(call['type']));
  const ids = changes.flatMap(({ call }) => IDS.map((name) => call[name]));
  return new Set(ids.flatMap((id) => (typeof id === 'string' || typeof id === 'number' ? [String(id)] : [])));
}

async function* batchesOf(rows: AsyncIterable<Row>, after: number): AsyncGenerator<Batch> {
  let items: Item[] = [];
  let rejects: Reject[] = [];
  let [count, last, characters] = [0, 0, 0];
  const take = (): Batch => {
    const batch = { rows: count, line: last, items, rejects };
    [items, rejects, count, characters] = [[], [], 0, 0];
    return batch;
  };
  for await (const row of rows) {
    if (row.line <= after) continue;
    const calls = 'calls' in row ? row.calls : [];
    const size = calls.reduce((sum, call) => sum + JSON.stringify(call).length, 0);
    if (count > 0 && (items.length + calls.length > CALLS || characters + size > CHARACTERS || rejects.length >= CALLS))
      yield take();
    if ('reason' in row) rejects.push({ line: row.line, reason: row.reason });
    items.push(...calls.map((call) => ({ line: row.line, call })));
    characters += size;
    count += 1;
    last = row.line;
  }
  if (count > 0) yield take();
}
