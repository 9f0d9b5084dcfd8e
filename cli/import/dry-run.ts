import { systemClock } from '../../engine/model/clock';
import { readCalls } from '../../api/segment/read-calls';
import { CALL_TYPES } from '../../api/segment/schema';
import type { Totals } from './checkpoint';
import { importFile } from './import-file';
import type { Item, Reject, Sent } from './send';
import { reasonOf } from './send';

/**
 * Checks files as the API checks calls, and sends nothing. The schemas of events are known only to the server.
 * @param isHistory whether they are to be imported as history
 * @param onRejects called with rows that would be rejected
 */
export async function dryRun(
  files: readonly string[],
  isHistory: boolean,
  onRejects: (file: string, rejects: readonly Reject[]) => void,
): Promise<{ readonly file: string; readonly totals: Pick<Totals, 'rows' | 'rejected'> }[]> {
  const results = [];
  for (const file of files) {
    const totals = { rows: 0, rejected: 0 };
    await importFile({
      file,
      after: 0,
      concurrency: 1,
      send: (items) => check(items, isHistory),
      done: (_, { rows, rejected }, rejects) => {
        totals.rows += rows;
        totals.rejected += rejected;
        onRejects(file, rejects);
      },
    });
    results.push({ file, totals });
  }
  return results;
}

async function check(items: readonly Item[], isHistory: boolean): Promise<Sent> {
  const calls = items.map(({ call }, index) => ({ call, pointer: `/batch/${index}` }));
  const reception = {
    clock: systemClock,
    catalogue: new Map(),
    receivedAt: Date.now(),
    sentAt: null,
    types: CALL_TYPES,
    isHistory,
    // Whether the key is the right one, only the server knows.
    takesConsent: true,
  };
  const rejects: Reject[] = [];
  // One by one, because only the first errors of a request are listed.
  for (const [index, call] of calls.entries()) {
    const { rejections } = await readCalls([call], reception);
    for (const { errors } of rejections.listed)
      rejects.push({ line: items[index]?.line ?? 0, reason: reasonOf(errors) });
  }
  return { stored: 0, duplicates: 0, rejects };
}
