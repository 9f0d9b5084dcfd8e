import { Command } from 'commander';
import { loadDefinitions } from '../config/definitions';
import { readEnvironment } from '../config/env';
import { flawsOf } from '../engine/policy/check';

interface Options {
  readonly check?: true;
}

/** `sojourn policy`: finds rules of the policy that can never apply or contradict each other. */
export const policyCommand = new Command('policy')
  .description('Find rules of the policy that can never apply, or that contradict each other.')
  .option('--check', 'exit with 1 if there are any')
  .action(async ({ check }: Options) => {
    const { policy, journeys, topics } = await loadDefinitions(readEnvironment(process.env).journeysPath);
    const flaws = flawsOf(policy, { journeys, topics: Object.keys(topics?.byName ?? {}) });
    for (const { kind, at, text } of flaws) console.log(`${kind}: ${at}: ${text}`);
    if (flaws.length === 0) console.log('Every rule of the policy can apply, and none contradicts another.');
    if (check && flaws.length > 0) process.exitCode = 1;
  });
