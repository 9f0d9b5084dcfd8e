import { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { Client, type Pool, type PoolClient } from 'pg';

/** Time for a new connection to answer when the others don't. Real milliseconds. */
const SECOND_OPINION_MS = 3_000;

/** Time to read what has arrived already. Real milliseconds. */
const GRACE_MS = 1_000;

/** The connection to one server process. */
interface Line {
  readonly socket: Socket;
  /** The number of the server process. */
  readonly pid: number | null;
  inUse: boolean;
  /** When the server last sent anything, by this process's steady clock. */
  heardAt: number;
  /** How much had been sent to the server by then. */
  answeredBytes: number;
}

/**
 * Finds connections that nobody is at the other end of. When the database's host vanishes, or a new one takes over its name, nothing
 * tells so: what is written is not answered, and the operating system gives up after a quarter of an hour.
 */
export class Connections {
  private readonly lines = new Map<PoolClient, Line>();

  /** @param url of the database */
  constructor(private readonly url: string) {}

  /**
   * Watches the connections of a pool.
   * @param silenceMs a connection that is in use ends when the server sends nothing for this long. It is longer than the longest
   * statement, which the server ends itself. 0 for no limit. Real milliseconds
   */
  watch(pool: Pool, silenceMs: number): void {
    pool.on('connect', (client) => {
      const { stream } = client.connection;
      // The pool drops a connection that breaks, and so does the statement under way. Without a listener, the error would end the
      // process.
      client.on('error', () => undefined);
      if (stream instanceof Socket) this.add(client, stream);
    });
    pool.on('acquire', (client) => this.use(client, true, silenceMs));
    pool.on('release', (_, client) => this.use(client, false, 0));
    pool.on('remove', (client) => this.lines.delete(client));
  }

  /**
   * Asks over a new connection which of the server processes that owe an answer are at work, and ends all other connections.
   * @returns whether any is at work for us
   * @throws {Error} when the database doesn't answer
   */
  async endSilent(): Promise<boolean> {
    const asked = performance.now();
    const working = await this.workingNow();
    for (const line of this.lines.values()) {
      const overdue = asked - line.heardAt > SECOND_OPINION_MS && !working.has(line.pid);
      const owesAnswer = line.socket.bytesWritten > line.answeredBytes;
      if (overdue && (owesAnswer || !line.inUse)) end(line);
    }
    return working.size > 0;
  }

  private add(client: PoolClient, socket: Socket): void {
    // The types leave it out: https://node-postgres.com/apis/client documents `processID`.
    const { processID: pid = null } = client as PoolClient & { readonly processID?: number | null };
    const line: Line = { socket, pid, inUse: true, heardAt: performance.now(), answeredBytes: socket.bytesWritten };
    this.lines.set(client, line);
    socket.on('data', () => {
      line.heardAt = performance.now();
      line.answeredBytes = socket.bytesWritten;
    });
    socket.on('timeout', () => {
      // After a pause of this whole process, the answer may be there but not read yet.
      const { heardAt } = line;
      setTimeout(() => {
        if (line.inUse && line.heardAt === heardAt) end(line);
      }, GRACE_MS).unref();
    });
  }

  private use(client: PoolClient, inUse: boolean, silenceMs: number): void {
    const line = this.lines.get(client);
    if (!line) return;
    line.inUse = inUse;
    line.socket.setTimeout(silenceMs);
  }

  private async workingNow(): Promise<ReadonlySet<number | null>> {
    const client = new Client({
      connectionString: this.url,
      application_name: 'sojourn-second-opinion',
      connectionTimeoutMillis: SECOND_OPINION_MS,
      query_timeout: SECOND_OPINION_MS,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rows } = await client.query<{ pid: number }>(
        "SELECT pid FROM pg_stat_activity WHERE pid = ANY ($1) AND state = 'active'",
        [[...this.lines.values()].map(({ pid }) => pid)],
      );
      return new Set(rows.map(({ pid }) => pid));
    } finally {
      void client.end().catch(() => undefined);
    }
  }
}

/** Ends a connection at once. The statement under way fails like one whose connection was reset. */
function end({ socket }: Line): void {
  socket.destroy(Object.assign(new Error('The database has stopped answering.'), { code: 'ETIMEDOUT' }));
}
