import { Client } from 'pg';

/** Time to open a connection. Real milliseconds. */
const CONNECT_TIMEOUT_MS = 5_000;
/** Pause before a broken connection is replaced. Real milliseconds. */
const RECONNECT_MS = 1_000;
/** So often a connection is asked whether it still works. Real milliseconds. */
const CHECK_MS = 5_000;
/** The time limit is part of the query, as pg reads it. Real milliseconds. */
const QUESTION = { text: 'SELECT', query_timeout: 3_000 };

/** What a listener listens to. */
export interface Listening {
  /** The URL of the database. */
  readonly url: string;
  /** The channel of PostgreSQL's NOTIFY. */
  readonly channel: string;
  /** The name shown in `pg_stat_activity`. */
  readonly applicationName: string;
  readonly onNotification: (payload: string) => void;
  /** Called each time a connection begins to listen. Notifications before that may have been missed. */
  readonly onListening: () => void;
}

/** Listens for notifications over a connection of its own, which it replaces when it breaks. */
export class Listener {
  private client: Client | null = null;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  private constructor(private readonly listening: Listening) {}

  static start(listening: Listening): Listener {
    const listener = new Listener(listening);
    listener.connect();
    return listener;
  }

  /** Opens a new connection. Call this when the present one appears to hear nothing. */
  reconnect(): void {
    this.drop();
    this.connect();
  }

  stop(): void {
    this.stopped = true;
    this.drop();
  }

  private connect(): void {
    const { url, channel, applicationName, onNotification, onListening } = this.listening;
    const client = new Client({
      connectionString: url,
      application_name: applicationName,
      keepAlive: true,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    });
    this.client = client;
    const retry = (): void => {
      if (this.stopped || this.client !== client) return;
      this.drop();
      this.timer = setTimeout(() => this.connect(), RECONNECT_MS).unref();
    };
    // When the database's host vanishes, nothing tells so: see `Connections`.
    const check = (): void => {
      this.timer = setTimeout(() => {
        client.query(QUESTION).then(() => this.client === client && check(), retry);
      }, CHECK_MS).unref();
    };
    client.on('error', retry);
    client.on('end', retry);
    client.on('notification', ({ payload = '' }) => onNotification(payload));
    client
      .connect()
      .then(() => client.query(`LISTEN ${channel}`))
      .then(() => {
        if (this.client !== client) return;
        onListening();
        check();
      }, retry);
  }

  private drop(): void {
    const { client } = this;
    clearTimeout(this.timer);
    this.client = null;
    void client?.end().catch(() => undefined);
  }
}
