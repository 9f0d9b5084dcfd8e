import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command } from 'commander';
import type { Life } from '../engine/compare/life';
import { readClock } from '../store/clock';
import { livesSince } from '../store/lives';
import { openInstallation } from './database';
import { readSince } from './time';

/** `sojourn export-events`: writes stored users and their events to a file, so that `diff` can run without a database. */
export const exportEvents = new Command('export-events')
  .description('Write users and all their events to a file, for diff and simulate. The file contains personal data.')
  .argument('<file>', 'the file to write, with one line of JSON per user')
  .option('--since <time>', 'only users with an event since: an ISO 8601 time, or a duration before now', '30 days')
  .action(async (file: string, { since }: { readonly since: string }) => {
    const database = openInstallation();
    try {
      const now = (await readClock(database)).now();
      const lives = livesSince(database, readSince(since, now));
      await pipeline(Readable.from(lines(lives)), createWriteStream(file, { mode: 0o600 }));
    } finally {
      await database.close();
    }
  });

async function* lines(lives: AsyncIterable<Life>): AsyncGenerator<string> {
  for await (const life of lives) yield `${JSON.stringify(life)}\n`;
}
