import { Command } from 'commander';

/** `sojourn dev`: runs everything on this machine. */
export const dev = new Command('dev')
  .description('Run everything on this machine: PostgreSQL, Temporal, a mailbox, the API and a worker.')
  .action(async () => {
    // Loading takes seconds, which the other commands need not wait for.
    await import('../start.js');
  });
