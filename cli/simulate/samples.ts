import type { Life } from '../../engine/compare/life';
import { readClock } from '../../store/clock';
import type { Database } from '../../store/database';
import { findLife, idsSince } from '../../store/lives';
import { livesInFile } from '../lives-file';

/** Stored lives to draw from. */
export interface Samples {
  readonly count: number;
  /** Up to when it is known what people did, epoch milliseconds. */
  readonly known: number;
  /** Those of some indexes, one after the other. */
  pick(indexes: ReadonlySet<number>): AsyncIterable<readonly [index: number, life: Life]>;
}

/** The lives of an exported file; what they did is known up to the last event in it. */
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

/** The lives of everyone in the database who ever did something. Only their ids are kept here. */
export async function samplesInDatabase(database: Database): Promise<Samples> {
  const ids: string[] = [];
  for await (const id of idsSince(database, 0)) ids.push(id);
  return {
    count: ids.length,
    known: (await readClock(database.knex)).now(),
    async *pick(indexes) {
      for (const [index, id] of ids.entries()) {
        const life = indexes.has(index) ? await findLife(database, id) : null;
        if (life) yield [index, life];
      }
    },
  };
}
