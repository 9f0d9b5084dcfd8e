import type { Life } from '../../engine/compare/life';
import { readClock } from '../../store/clock';
import type { Database } from '../../store/database';
import { findLife, idsSince } from '../../store/lives';
import { livesInFile } from '../lives-file';

/** Stored histories to sample from. */
export interface Samples {
  readonly count: number;
  /** The histories are complete up to this time, epoch milliseconds. */
  readonly known: number;
  /** Loads the histories at these indexes, one after the other. */
  pick(indexes: ReadonlySet<number>): AsyncIterable<readonly [index: number, life: Life]>;
}

/** Samples from a file written by `export-events`. Its histories are complete up to the last event in the file. */
export async function samplesInFile(file: string): Promise<Samples> {
  let [count, known] = [0, 0];
  for await (const { events } of livesInFile(file)) {
    count++;
    known = Math.max(known, events.at(-1)?.receivedAt ?? 0);
  }
  return {
    count,
    known,
    async *pick(indexes) {
      let index = 0;
      for await (const life of livesInFile(file)) {
        if (indexes.has(index)) yield [index, life];
        index++;
      }
    },
  };
}

/** Samples from the database: all users with at least one event. Keeps only their ids in memory. */
export async function samplesInDatabase(database: Database): Promise<Samples> {
  const ids: string[] = [];
  for await (const id of idsSince(database, 0)) ids.push(id);
  return {
    count: ids.length,
    known: (await readClock(database)).now(),
    async *pick(indexes) {
      for (const [index, id] of ids.entries()) {
        const life = indexes.has(index) ? await findLife(database, id) : null;
        if (life) yield [index, life];
      }
    },
  };
}
