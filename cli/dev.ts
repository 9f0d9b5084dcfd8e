import { Command } from 'commander';

interface Options {
  readonly speed?: string;
  readonly journeys?: string;
  readonly port?: string;
  readonly confirm: boolean;
  readonly demo: boolean;
}

/** `sojourn dev`: runs everything on this machine, and takes up edits of the journeys. */
export const dev = new Command('dev')
  .description('Run everything on this machine, and take up edits of the journeys when they are saved.')
  .option(
    '--speed <factor>',
    'how many times as fast as real time the clock of the journeys runs (default: SPEED, or 1)',
  )
  .option('--journeys <folder>', 'the folder or package of the journeys (default: JOURNEYS)')
  .option('--port <port>', 'the port of the API (default: PORT, or 3000)')
  .option('--confirm', 'ask before an edit comes into force', false)
  .option('--no-demo', 'leave out the demo')
  .action(async ({ speed, journeys, port, confirm, demo }: Options) => {
    // Loading takes seconds, which the other commands need not wait for.
    const { runDev } = await import('../dev/run.js');
    runDev({ speed: speed ?? null, journeys: journeys ?? null, port: port ?? null, confirm, demo });
  });
