#!/usr/bin/env node
import { Command, type CommanderError } from 'commander';
import { diff } from './diff';

/** The commands; each is a file of its own. */
const COMMANDS: readonly Command[] = [diff];

/** The `sojourn` command: what a journey will do before it does it. */
export function program(): Command {
  const sojourn = new Command('sojourn').description('Look at what journeys do before they do it.');
  for (const command of COMMANDS) sojourn.addCommand(command);
  return sojourn;
}

if (require.main === module)
  program()
    .parseAsync()
    .catch((error: CommanderError | Error) => {
      console.error(error.message);
      process.exitCode = 1;
    });
