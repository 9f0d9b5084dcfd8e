import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command } from 'commander';
import type { Life } from '../engine/compare/life';
import { readClock } from '../store/clock';
import { livesSince } from '../store/lives';
import { openInstallation } from './database';
import { readSince } from './moment';

/** `sojourn export-events`: the past as a file, for diff where there is no database. */
export const exportEvents = new Command('export-events')
  .description('Writes people with all they did to a file that diff reads. It holds personal data.')
  .argument('<file>', 'a line of JSON for each person')
  .option('--since <moment>', 'everyone of whom an event came since: ISO 8601, or a span', '30 days')
  .action(async (file: string, { since }: { readonly since: string }) => {
    const database = openInstallation();
    try {
      const now = (await readClock(database.knex)).now();
      const lives = livesSince(database, readSince(since, now));
      await pipeline(Readable.from(lines(lives)), createWriteStream(file, { mode: 0o600 }));
    } finally {
      await database.close();
    }
  });

async function* lines(lives: AsyncIterable<Life>): AsyncGenerator<string> {
  for await (const life of lives) yield `${JSON.stringify(life)}\n`;
}
