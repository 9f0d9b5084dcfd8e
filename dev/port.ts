import { createServer } from 'node:net';
import { SetupError } from './setup-error';
import { until } from './until';

/** Is nobody listening on this port of this machine? */
export async function isFree(port: number): Promise<boolean> {
  return (await listen(port)) !== null;
}

/** A free port: the preferred one if it is. */
export async function freePort(preferred = 0): Promise<number> {
  const port = (await listen(preferred)) ?? (await listen(0));
  if (port === null) throw new Error('This machine has no free port.');
  return port;
}

/** A program of ours whose parent was just killed takes a moment to end. */
const PATIENCE_MS = 5_000;

/** @throws {SetupError} with the remedy, when the port is taken and stays so */
export async function requireFree(port: number, what: string, remedy: string): Promise<void> {
  const free = until(`port ${port} is free`, () => isFree(port), { timeoutMs: PATIENCE_MS });
  await free.catch((cause: unknown) => {
    throw new SetupError(`Port ${port}, for ${what}, is in use. ${remedy}`, { cause });
  });
}

/** The remedy for a port that a variable sets. */
export function otherPort(variable: string): string {
  return `Stop the program that uses it, or set ${variable} to another.`;
}

/** Listens for a moment; answers the port, or null when it is taken. */
function listen(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : null));
    });
  });
}
