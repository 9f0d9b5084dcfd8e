import { performance } from 'node:perf_hooks';
import type { Database } from './database';
import { DatabaseTime } from './database-time';

/** Real milliseconds between two beats. */
const BEAT_MS = 1_000;
/** A process whose connections fail for this long, while new ones work, can't help itself. Real milliseconds. */
const STUCK_MS = 60_000;

/** What happens to a pulse. */
export interface PulseEvents {
  /** The database did not answer a beat. */
  readonly onMissed: (error: unknown) => void;
  /** This process can't use its connections to the database, although the database answers new ones. It should be replaced. */
  readonly onStuck: () => void;
}

/**
 * Asks the database for its time once a second. The answers keep the process's clock right. When there is none, it finds and ends the
 * connections that have gone silent, so that the next statement opens a new one.
 *
 * A process whose pool serves nothing for a minute, while the database answers new connections and is not at work for this process,
 * is stuck. As long as the database
 * does not answer those either, it is away, and the process waits: a new process could do no more.
 */
export class Pulse {
  readonly time = new DatabaseTime();
  private answeredAt = performance.now();
  private timer: NodeJS.Timeout | undefined;
  private beating: Promise<void> | null = null;

  private constructor(
    private readonly database: Pick<Database, 'pool' | 'connections'>,
    private readonly events: PulseEvents,
    private readonly stuckMs: number,
  ) {}

  /**
   * Asks for the time, and from then on once a second.
   * @param stuckMs for tests
   * @throws the database's error when it can't be reached
   */
  static async start(
    database: Pick<Database, 'pool' | 'connections'>,
    events: PulseEvents,
    stuckMs = STUCK_MS,
  ): Promise<Pulse> {
    const pulse = new Pulse(database, events, stuckMs);
    await pulse.time.ask(database.pool);
    pulse.timer = setInterval(() => {
      pulse.beating ??= pulse.beat().finally(() => (pulse.beating = null));
    }, BEAT_MS).unref();
    return pulse;
  }

  /** Stops. Resolves when a beat under way has ended. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.beating;
  }

  private async beat(): Promise<void> {
    const { database, events } = this;
    try {
      await this.time.ask(database.pool);
      this.answeredAt = performance.now();
    } catch (error) {
      events.onMissed(error);
      await database.connections.endSilent().then(
        // A statement that waits for a lock, or a pool that others have used up, holds up a beat. A new process would wait as well.
        (atWork) => (atWork ? this.restart() : this.seeIfStuck()),
        // The database is away. That is no fault of this process, so it begins to count anew.
        () => this.restart(),
      );
    }
  }

  private restart(): void {
    this.answeredAt = performance.now();
  }

  private seeIfStuck(): void {
    if (performance.now() - this.answeredAt < this.stuckMs) return;
    this.answeredAt = performance.now();
    this.events.onStuck();
  }
}
