import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A proxy in front of a server whose host can vanish. */
export interface SilentProxy {
  readonly port: number;
  /**
   * Lets the host vanish, and another take over its name: nothing more comes through the present connections, and nothing closes
   * them. New connections work.
   * @returns how many connections went silent
   */
  vanish(): number;
  stop(): Promise<void>;
}

interface Line {
  readonly ends: readonly [Socket, Socket];
  silent: boolean;
}

/**
 * Starts a proxy for a server on this machine.
 * @param port where it listens. Default: any free port
 */
export async function startSilentProxy(
  target: { readonly host: string; readonly port: number },
  port = 0,
): Promise<SilentProxy> {
  const lines = new Set<Line>();
  const server = createServer((client) => {
    const line: Line = { ends: [client, connect(target)], silent: false };
    lines.add(line);
    const [, upstream] = line.ends;
    for (const [from, to] of [line.ends, [upstream, client]] as const) {
      from.on('data', (chunk) => line.silent || to.write(chunk));
      from.on('error', () => undefined);
      from.on('close', () => {
        if (!line.silent) to.destroy();
      });
    }
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    vanish: () => {
      const present = [...lines].filter(({ silent, ends }) => !silent && !ends[0].destroyed);
      for (const line of present) line.silent = true;
      return present.length;
    },
    stop: async () => {
      for (const end of [...lines].flatMap(({ ends }) => ends)) end.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
