import { performance } from 'node:perf_hooks';
import type { Pool } from 'pg';

/** The time limit is part of the query, as pg reads it. Real milliseconds. */
const ASK = { text: 'SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS now', query_timeout: 3_000 };

/**
 * The database's clock, as a process knows it. All instants that are stored or decided by are instants of this clock, so the clock of
 * the process's machine may be wrong by any amount.
 *
 * A question to the database shows that its clock was at `now` at some moment between the question and the answer. From there this
 * clock runs on with the process's steady clock, which no administrator or time service sets. It is never ahead of the database's
 * clock, and behind it by no more than the fastest answer took.
 */
export class DatabaseTime {
  /** How far the database's clock is ahead of the steady clock, in milliseconds; null before the first answer. */
  private ahead: number | null = null;

  /** @param steady the process's steady clock, in milliseconds */
  constructor(private readonly steady = (): number => performance.now()) {}

  /**
   * The database's time, real epoch milliseconds.
   * @throws {Error} before the first answer
   */
  readonly now = (): number => {
    if (this.ahead === null) throw new Error("The database's time is not known yet.");
    return Math.floor(this.steady() + this.ahead);
  };

  /**
   * Asks a database for its time, once.
   * @throws {Error} when there is no answer in three seconds
   */
  static async of(pool: Pick<Pool, 'query'>): Promise<DatabaseTime> {
    const time = new DatabaseTime();
    await time.ask(pool);
    return time;
  }

  /**
   * Asks the database for its time.
   * @throws {Error} when there is no answer in three seconds
   */
  async ask(pool: Pick<Pool, 'query'>): Promise<void> {
    const asked = this.steady();
    const { rows } = await pool.query<{ now: number }>(ASK);
    if (rows[0]) this.note(rows[0].now, asked, this.steady());
  }

  /**
   * Takes up an answer. What was known is kept if the answer allows for it, so that time does not jump back and forth with the
   * duration of answers. An answer that contradicts it wins: the database's clock was set, or another host has taken over.
   * @param now what the database's clock showed between `asked` and `answered`, which are of the steady clock
   */
  note(now: number, asked: number, answered: number): void {
    const atLeast = now - answered;
    const atMost = now - asked;
    this.ahead = Math.min(Math.max(this.ahead ?? atLeast, atLeast), atMost);
  }
}
