import { ConfigError } from './env';

/** A part of ours that runs until it is stopped. */
export interface Running {
  stop(): Promise<void>;
}

/**
 * Runs one part as a process of its own: stops it cleanly on SIGINT and SIGTERM, and says plainly why it can't start. What is
 * stopped while it still starts, perhaps waiting for another part, has nothing to end cleanly.
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
