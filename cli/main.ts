#!/usr/bin/env node
import { Command } from 'commander';
import { diff } from './diff';
import { exploreCommand } from './explore';
import { exportEvents } from './export-events';
import { exportTest } from './export-test';
import { replay } from './replay';
import { simulateCommand } from './simulate';

/** The commands; each is a file of its own. */
const COMMANDS: readonly Command[] = [diff, exploreCommand, exportEvents, exportTest, replay, simulateCommand];

/** The `sojourn` command: what a journey will do before it does it. */
export function program(): Command {
  const sojourn = new Command('sojourn').description('Look at what journeys do before they do it.');
  for (const command of COMMANDS) sojourn.addCommand(command);
  return sojourn;
}

if (require.main === module) {
  // Who reads only the begin of a report, as `head` does, has closed the pipe by then.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
  program()
    .parseAsync()
    .catch((error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    });
}
