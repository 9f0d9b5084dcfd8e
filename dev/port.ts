import { randomInt } from 'node:crypto';
import { connect, createServer } from 'node:net';
import { SetupError } from './setup-error';
import { until } from './until';

/** The addresses of `localhost`. Browsers may try the second one first. */
const LOCAL = ['127.0.0.1', '::1'];

/** Whether no program listens on a local port. Connects instead of listening, which could block another program. */
export async function isFree(port: number): Promise<boolean> {
  return (await Promise.all(LOCAL.map((host) => isFreeAt(host, port)))).every((free) => free);
}

function isFreeAt(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host });
    socket.once('error', () => resolve(true));
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
  });
}

/** Returns a free port: the preferred one if it is free, or any other. */
export async function freePort(preferred?: number): Promise<number> {
  return preferred !== undefined && (await isFree(preferred)) ? preferred : anyFreePort();
}

/**
 * Starts a server on a free port. If another program takes the port between the check and its use, the server is started again on
 * another one.
 * @param start starts the server on a port; it rejects when the server ends instead
 * @param preferred used if it is free
 */
export async function onFreePort<Server>(
  start: (port: number) => Promise<Server>,
  preferred?: number,
): Promise<Server> {
  const port = await freePort(preferred);
  try {
    return await start(port);
  } catch (error) {
    if (await isFree(port)) throw error;
    return start(await freePort());
  }
}

/** How long to wait for a port. A child of a killed Sojourn process takes some seconds to end. */
const PORT_TIMEOUT_MS = 5_000;

/**
 * Checks that a port is free, or becomes free within five seconds.
 * @param what names the use of the port in the error
 * @param remedy the last sentence of the error
 * @throws {SetupError} when the port stays in use
 */
export async function requireFree(port: number, what: string, remedy: string): Promise<void> {
  const free = until(`port ${port} is free`, () => isFree(port), { timeoutMs: PORT_TIMEOUT_MS });
  await free.catch((cause: unknown) => {
    throw new SetupError(`Port ${port}, for ${what}, is in use. ${remedy}`, { cause });
  });
}

/** Returns the remedy for a port that is set by an environment variable. */
export function otherPort(variable: string): string {
  return `Stop the program that uses it, or set ${variable} to another port.`;
}

/**
 * The ports to choose from. They are below those that systems give to outgoing connections (on Linux from 32768 on), one of which could
 * take a port between the check and its use.
 */
const LOWEST = 20_000;
const HIGHEST = 32_767;

/** Chooses a port at random, until one can be listened on. */
async function anyFreePort(): Promise<number> {
  for (;;) {
    const port = randomInt(LOWEST, HIGHEST + 1);
    if (await canListen(port)) return port;
  }
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
