import type { Clock } from '../engine/model/clock';

/**
 * Lifecycles that one worker lets wake in the same second. This is half of the decisions that it makes on two cores which it shares with
 * everything else. The other half is left for new users and for those who act.
 */
const WAKES_A_SECOND = 25;
/** How far ahead seconds are counted: 48 days. Later deadlines are not spread. */
const SECONDS = 2 ** 22;
/** When so many shifted users are remembered, those who have been woken since are removed. */
const REMEMBERED = 10_000;
const SECOND_MS = 1_000;

/** Times of the journey clock, epoch milliseconds. */
interface Shifted {
  readonly deadline: number;
  readonly wakeAt: number;
}

/**
 * Spreads lifecycles that have the same deadline, for example the end of quiet hours, over the seconds that follow it. Temporal fires
 * timers of the same moment all at once, before it hands out any task, so thousands of them would hold up everybody else. The first to
 * get the deadline are woken on time. Only this process's own timers are counted, so more workers wake more users in a second.
 */
export class WakeSlots {
  /** How many wake in each second, by the second modulo their number. */
  private readonly booked = new Uint8Array(SECONDS);
  /** Seconds before this one are cleared. */
  private clearedBefore = 0;
  private readonly shifted = new Map<string, Shifted>();
  private sweepAt = REMEMBERED;
  /** The last search: every second from the first to before the second of them is taken. */
  private full = { from: 0, to: 0 };

  constructor(private readonly clock: Clock) {}

  /**
   * Returns when to wake a user, at the deadline or some seconds later. The same deadline gets the same answer again.
   * @param deadline journey clock, epoch milliseconds; null for none
   * @param current when the user is woken so far, as it was stored
   */
  wakeAt(userId: string, deadline: number | null, current: number | null): number | null {
    const known = this.shifted.get(userId);
    if (deadline !== null && known?.deadline === deadline) return known.wakeAt;
    if (known) this.shifted.delete(userId);
    const now = this.clock.now();
    // What is due needs no timer, and an unchanged deadline has its place already.
    if (deadline === null || deadline <= now || deadline === current) return deadline;
    const { speed } = this.clock;
    const present = Math.floor(this.clock.real() / SECOND_MS);
    const second = Math.floor((this.clock.real() + (deadline - now) / speed) / SECOND_MS);
    this.clear(present);
    if (second - present >= SECONDS) return deadline;
    const place = this.findFree(second, present + SECONDS);
    this.booked[place % SECONDS] = this.bookedIn(place) + 1;
    if (place === second) return deadline;
    const wakeAt = deadline + Math.round((place - second) * SECOND_MS * speed);
    this.remember(userId, { deadline, wakeAt }, now);
    return wakeAt;
  }

  /** Returns the first second that has room, or the last one before `end`. */
  private findFree(second: number, end: number): number {
    let place = this.full.from <= second && second < this.full.to ? this.full.to : second;
    while (place < end - 1 && this.bookedIn(place) >= WAKES_A_SECOND) place++;
    this.full = { from: second, to: place };
    return place;
  }

  private bookedIn(second: number): number {
    return this.booked[second % SECONDS] ?? 0;
  }

  private clear(present: number): void {
    if (present - this.clearedBefore >= SECONDS) this.booked.fill(0);
    else for (let second = this.clearedBefore; second < present; second++) this.booked[second % SECONDS] = 0;
    this.clearedBefore = Math.max(this.clearedBefore, present);
  }

  private remember(userId: string, shifted: Shifted, now: number): void {
    if (this.shifted.size >= this.sweepAt) {
      for (const [id, { wakeAt }] of this.shifted) if (wakeAt <= now) this.shifted.delete(id);
      this.sweepAt = Math.max(REMEMBERED, 2 * this.shifted.size);
    }
    this.shifted.set(userId, shifted);
  }
}
