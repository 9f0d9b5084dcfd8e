import { DateTime } from 'luxon';
import type { Random } from '../testing/random';
import type { Persona } from './population';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WEEK_DAYS = 7;
/** The hours of a week, counted from Monday midnight. */
const HOURS = Array.from({ length: WEEK_DAYS * 24 }, (_, index) => index);

/** The local weeks of a time zone. Everyone in the zone shares one calendar, so that each midnight is computed once. */
export class Calendar {
  /** Local midnights, epoch milliseconds, starting with the Monday of the week of `begin`. */
  private readonly midnights: number[] = [];
  private readonly monday: DateTime;

  /**
   * @param zone IANA time zone
   * @param begin a moment in week 0, epoch milliseconds
   */
  constructor(zone: string, begin: number) {
    this.monday = DateTime.fromMillis(begin, { zone }).startOf('week');
  }

  /** The number of the local week in which a moment lies. Week 0 contains `begin`. */
  weekOf(at: number): number {
    return Math.floor(this.dayOf(at) / WEEK_DAYS);
  }

  /** The moment at which a local week begins, epoch milliseconds. */
  beginOfWeek(week: number): number {
    return this.midnight(week * WEEK_DAYS);
  }

  /**
   * The moment at which an hour of a local week begins, epoch milliseconds.
   * @param hour counted from Monday midnight
   */
  hourOfWeek(week: number, hour: number): number {
    return this.midnight(week * WEEK_DAYS + Math.floor(hour / 24)) + (hour % 24) * HOUR_MS;
  }

  /** The hour of the local week in which a moment lies, from 0 to 167. */
  hourAt(at: number): number {
    const day = this.dayOf(at);
    // The day on which the clocks go back has 25 hours.
    return (day % WEEK_DAYS) * 24 + Math.min(23, Math.floor((at - this.midnight(day)) / HOUR_MS));
  }

  private dayOf(at: number): number {
    const guess = Math.floor((at - this.midnight(0)) / DAY_MS);
    if (at < this.midnight(guess)) return guess - 1;
    return at >= this.midnight(guess + 1) ? guess + 1 : guess;
  }

  private midnight(day: number): number {
    return (this.midnights[day] ??= this.monday.plus({ days: day }).toMillis());
  }
}

/** When people of a persona visit: the weight of each of the 168 hours of a week. */
export class Rhythm {
  private readonly weights: readonly number[];

  /** @throws {TypeError} when a weight is negative or not a number, or when all weights are 0 */
  constructor({ hours }: Persona) {
    this.weights = HOURS.map((index) => hours(index % 24, Math.floor(index / 24) + 1));
    if (!this.weights.some((weight) => weight > 0) || this.weights.some((weight) => !(weight >= 0)))
      throw new TypeError('population: hours must return weights of 0 or more, at least one of them above 0.');
  }

  /** Draws an hour of the week by its weight, from 0 to 167. */
  draw(random: Random): number {
    return random.weighted(HOURS, this.weights);
  }

  /** Returns `at` if they are awake then; otherwise the first moment, in steps of an hour, at which they are. */
  awakeAt(at: number, calendar: Calendar): number {
    for (let moment = at; ; moment += HOUR_MS) if ((this.weights[calendar.hourAt(moment)] ?? 0) > 0) return moment;
  }
}
