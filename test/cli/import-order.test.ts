import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { importFile } from '../../cli/import/import-file';
import type { Item, Sent } from '../../cli/import/send';

/** Rows in a request. */
const ROWS = 500;
/** The first request takes so many turns of the event loop longer. The third one would be sent in them if it did not wait. */
const TURNS = 200;

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'sojourn-import-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Imports three requests, of which the first ends, or fails, after another one began. Returns what began and ended, in its order. */
async function run(
  file: string,
  text: string,
  { after, fails = false }: { after: 2 | 3; fails?: boolean },
): Promise<string[]> {
  const path = join(folder, file);
  writeFileSync(path, text);
  const log: string[] = [];
  const progress = new EventTarget();
  const other = once(progress, String(after));
  let begun = 0;
  const send = async (items: readonly Item[]): Promise<Sent> => {
    const n = ++begun;
    log.push(`${n} begins`);
    progress.dispatchEvent(new Event(String(n)));
    if (n === 1) {
      await other;
      for (let turns = 0; turns < TURNS; turns++) await turn();
      if (fails) throw new Error('The API is gone.');
    }
    log.push(`${n} ends`);
    return { stored: items.length, duplicates: 0, rejects: [] };
  };
  const done = (): void => undefined;
  await importFile({ file: path, after: 0, concurrency: 4, send, done }).catch((error: unknown) =>
    log.push(String(error)),
  );
  return log;
}

/** Three requests of rows of different users, except that the first and the last row are of the same one. */
const lines = (row: (user: string) => string): string =>
  Array.from({ length: 3 * ROWS }, (_, n) => row(n === 0 || n === 3 * ROWS - 1 ? 'ada' : `u${n}`)).join('\n');

test('calls that change one user are sent one after the other, and those of others at the same time', async () => {
  const log = await run('people.csv', `userId\n${lines((user) => user)}`, { after: 2 });
  expect(log).toEqual(['1 begins', '2 begins', '2 ends', '1 ends', '3 begins', '3 ends']);
});

test('events, whose order is that of their times, are all sent at the same time', async () => {
  const log = await run(
    'events.jsonl',
    lines((userId) => JSON.stringify({ userId, event: 'Seen' })),
    { after: 3 },
  );
  expect(log).toEqual(['1 begins', '2 begins', '2 ends', '3 begins', '3 ends', '1 ends']);
});

test('after a request that failed, no later call of its users is sent', async () => {
  const log = await run('people.csv', `userId\n${lines((user) => user)}`, { after: 2, fails: true });
  expect(log).toEqual(['1 begins', '2 begins', '2 ends', 'Error: The API is gone.']);
});
