import { connect, createServer, type AddressInfo } from 'node:net';
import { SetupError } from './setup-error';
import { until } from './until';

/** Does nobody listen on this port of this machine? Found out by calling: listening there ourselves could be in somebody's way. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('error', () => resolve(true));
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
  });
}

/** A free port: the preferred one if it is. */
export async function freePort(preferred?: number): Promise<number> {
  return preferred !== undefined && (await isFree(preferred)) ? preferred : anyFreePort();
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

/** Lets the system choose. */
function anyFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
