import { ConfigError } from './env';

/** A part of the system that runs until it is stopped. */
export interface Running {
  stop(): Promise<void>;
}

/**
 * Runs one part as its own process. SIGINT and SIGTERM stop it cleanly. A failure is printed, and ends the process with code 1.
 * A part that is still starting, and perhaps waiting for another part, ends at once.
 */
export function runAlone(name: string, start: () => Promise<Running>): void {
  let part: Running | null = null;
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    await part?.stop();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      stop().catch((error: unknown) => fail(name, error));
    });
  }
  start().then(
    (started) => (part = started),
    (error: unknown) => fail(name, error),
  );
}

function fail(name: string, error: unknown): never {
  console.error(error instanceof ConfigError ? error.message : error);
  console.error(`The ${name} has stopped.`);
  process.exit(1);
}
