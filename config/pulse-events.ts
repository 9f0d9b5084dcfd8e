import type { Logger } from './log';

/** What happens to the connections of a process to the database; see `store/pulse.ts`. */
interface PulseEvents {
  readonly onMissed: (error: unknown) => void;
  readonly onStuck: () => void;
}

/** Logs missed beats, and ends a process that is stuck: its supervisor starts a new one. */
export function pulseEvents(log: Logger): PulseEvents {
  return {
    onMissed: (error) => log.warn({ err: error }, 'the database does not answer'),
    onStuck: () => {
      log.fatal('this process can no longer use the database, although the database answers: the process ends');
      process.exit(1);
    },
  };
}
