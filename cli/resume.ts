import { userInfo } from 'node:os';
import { Command } from 'commander';
import { readTarget } from '../engine/model/switch';
import { liftSwitch } from '../store/switches';
import { openInstallation } from './database';

interface Options {
  readonly reason: string;
  readonly by: string;
}

/** `sojourn resume`: lifts a kill switch. */
export const resume = new Command('resume')
  .description(
    'Send messages again that `sojourn stop` has stopped. The policy is asked again about those that were held.',
  )
  .argument('<target>', 'what was stopped')
  .requiredOption('--reason <text>', 'why')
  .option('--by <name>', 'who resumes it', userInfo().username)
  .action(async (text: string, { reason, by }: Options) => {
    const database = openInstallation();
    try {
      const target = readTarget(text, null);
      if (target === null || !(await liftSwitch(database.pool, { target, reason, by })))
        throw new Error(`Nothing named '${text}' is stopped. sojourn stop lists what is.`);
      console.log(`${target} goes on. What was held is decided again.`);
    } finally {
      await database.close();
    }
  });
