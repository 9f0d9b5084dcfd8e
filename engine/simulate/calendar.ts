import { DateTime } from 'luxon';
import type { Random } from '../testing/random';
import type { Persona } from './population';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WEEK_DAYS = 7;
/** The hours of a week, from Monday midnight on. */
const HOURS = Array.from({ length: WEEK_DAYS * 24 }, (_, index) => index);

/** The local weeks of a time zone from a moment on. Asked for everybody who lives there, so that a calendar is read once. */
export class Calendar {
  /** Local midnights from the Monday before the begin on, epoch milliseconds. */
  private readonly midnights: number[] = [];
  private readonly monday: DateTime;

  /** @param begin epoch milliseconds */
  constructor(zone: string, begin: number) {
    this.monday = DateTime.fromMillis(begin, { zone }).startOf('week');
  }

  /** The number of the local week a moment lies in; that of the begin is 0. */
  weekOf(at: number): number {
    return Math.floor(this.dayOf(at) / WEEK_DAYS);
  }

  /** The moment a local week begins. */
  beginOfWeek(week: number): number {
    return this.midnight(week * WEEK_DAYS);
  }

  /** The moment an hour of a local week begins; `hour` counts from Monday midnight. */
  hourOfWeek(week: number, hour: number): number {
    return this.midnight(week * WEEK_DAYS + Math.floor(hour / 24)) + (hour % 24) * HOUR_MS;
  }

  /** The hour of the local week a moment lies in, from 0 to 167. */
  hourAt(at: number): number {
    const day = this.dayOf(at);
    // The day on which the clocks go back has an hour more.
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

/** When a kind of people is likely to visit: the weights of the 168 hours of a week. */
export class Rhythm {
  private readonly weights: readonly number[];

  /** @throws {TypeError} when there is no hour in which they could visit */
  constructor({ hours }: Persona) {
    this.weights = HOURS.map((index) => hours(index % 24, Math.floor(index / 24) + 1));
    if (!this.weights.some((weight) => weight > 0) || this.weights.some((weight) => !(weight >= 0)))
      throw new TypeError('population: hours are weights, 0 or more, and not all of them 0.');
  }

  /** An hour of the week, drawn by its weight. */
  draw(random: Random): number {
    return random.weighted(HOURS, this.weights);
  }

  /** The moment itself, or the first one after it at which they are awake. */
  awakeAt(at: number, calendar: Calendar): number {
    for (let moment = at; ; moment += HOUR_MS) if ((this.weights[calendar.hourAt(moment)] ?? 0) > 0) return moment;
  }
}
