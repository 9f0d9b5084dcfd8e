import type { Pool } from 'pg';
import { switchFor, type Stoppable, type Switch } from '../engine/model/switch';
import { readSwitches, readSwitchesAndHeld, releaseStopped } from './switches';

/** How often the switches are read. Real milliseconds. */
const EVERY_MS = 1_000;

/** What a switch board tells. */
export interface SwitchBoardEvents {
  /** Messages of users were released, who are queued now. */
  readonly onReleased: () => void;
  /** The switches could not be read: those last read go on counting. */
  readonly onMissed: (error: unknown) => void;
}

/**
 * The kill switches as a worker knows them: they are read once a second. It also releases what lifted switches have held, which it looks
 * for only while messages are held.
 */
export class SwitchBoard {
  private switches: readonly Switch[] = [];
  private timer: NodeJS.Timeout | undefined;
  /** The reading under way, or the last one. It never rejects. */
  private reading: Promise<void> = Promise.resolve();
  private readings = 0;

  private constructor(
    private readonly pool: Pool,
    private readonly events: SwitchBoardEvents,
  ) {}

  /**
   * Reads the switches, and from then on once a second.
   * @throws the database's error when they can't be read the first time
   */
  static async start(pool: Pool, events: SwitchBoardEvents): Promise<SwitchBoard> {
    const board = new SwitchBoard(pool, events);
    board.switches = await readSwitches(pool);
    board.timer = setInterval(() => {
      if (board.readings === 0) void board.read();
    }, EVERY_MS).unref();
    return board;
  }

  /** The switch that stops a message; null when none does. */
  stopping(message: Stoppable): Switch | null {
    return this.switches.length === 0 ? null : switchFor(this.switches, message);
  }

  /** Reads the switches, and releases what is not held any more. Readings take turns, so that none can undo a later one. */
  read(): Promise<void> {
    this.readings += 1;
    this.reading = this.reading.then(() => this.readNow()).finally(() => void (this.readings -= 1));
    return this.reading;
  }

  private async readNow(): Promise<void> {
    try {
      const { switches, holds } = await readSwitchesAndHeld(this.pool);
      this.switches = switches;
      while (holds && (await releaseStopped(this.pool)) > 0) this.events.onReleased();
    } catch (error) {
      this.events.onMissed(error);
    }
  }

  /** Stops. Resolves when nothing is being read any more. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.reading;
  }
}
