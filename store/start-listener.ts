import { Client } from 'pg';
import { START_CHANNEL } from './start-requests';

/** Pause before a broken connection is replaced. Real milliseconds. */
const RECONNECT_MS = 1_000;

/** Listens for announcements over a connection of its own, which it replaces when it breaks. */
export class StartListener {
  private client: Client | null = null;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  private constructor(
    private readonly url: string,
    private readonly onAnnounced: () => void,
  ) {}

  /** @param onAnnounced is called for each announcement, and whenever announcements may have been missed */
  static start(url: string, onAnnounced: () => void): StartListener {
    const listener = new StartListener(url, onAnnounced);
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
    clearTimeout(this.timer);
    this.drop();
  }

  private connect(): void {
    const client = new Client({ connectionString: this.url, application_name: 'sojourn-starts', keepAlive: true });
    this.client = client;
    const retry = (): void => {
      if (this.stopped || this.client !== client) return;
      this.drop();
      this.timer = setTimeout(() => this.connect(), RECONNECT_MS).unref();
    };
    client.on('error', retry);
    client.on('end', retry);
    client.on('notification', this.onAnnounced);
    client
      .connect()
      .then(() => client.query(`LISTEN ${START_CHANNEL}`))
      .then(this.onAnnounced, retry);
  }

  private drop(): void {
    const { client } = this;
    this.client = null;
    void client?.end().catch(() => undefined);
  }
}
