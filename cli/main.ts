#!/usr/bin/env node
import { Command } from 'commander';
import { build } from './build';
import { dev } from './dev';
import { ownVersion } from '../config/version';
import { diff } from './diff';
import { exploreCommand } from './explore';
import { exportEvents } from './export-events';
import { exportTest } from './export-test';
import { importCommand } from './import';
import { init } from './init';
import { newCommand } from './new';
import { policyCommand } from './policy';
import { replay } from './replay';
import { why } from './why';
import { simulateCommand } from './simulate';

/** The subcommands, each in a file of its own. */
const COMMANDS: readonly Command[] = [
  init,
  newCommand,
  dev,
  build,
  exploreCommand,
  simulateCommand,
  diff,
  replay,
  policyCommand,
  why,
  importCommand,
  exportTest,
  exportEvents,
];

/** Builds the `sojourn` command with all its subcommands. */
export function program(): Command {
  const sojourn = new Command('sojourn').description(
    'Make, run, build, explore, simulate, compare and replay journeys, and import people and events.',
  );
  sojourn.version(ownVersion());
  for (const command of COMMANDS) sojourn.addCommand(command);
  return sojourn;
}

if (require.main === module) {
  // A reader such as `head` closes the pipe before the report is complete. That is not an error.
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
