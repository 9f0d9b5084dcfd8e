import { toMs } from '../model/duration';
import { fraction } from '../model/ids';
import type { MemoryUser } from '../testing/memory-host';
import { seeded, type Random } from '../testing/random';
import { CHANNELS, type BuiltInChannel } from '../model/channels';
import { Calendar, Rhythm } from './calendar';
import type { Persona, Population } from './population';
import { endOf, type Span } from './span';

/** A made-up person. */
export interface Person {
  readonly user: MemoryUser;
  readonly habits: Persona;
  readonly rhythm: Rhythm;
  readonly calendar: Calendar;
  /**
   * Their own random numbers about one thing, such as a visit or a message. The numbers about one thing are the same whatever else
   * happens, so that a message more changes nothing but what it brings about.
   */
  readonly draws: (...about: readonly (string | number)[]) => Random;
}

/** Makes the people of a population. Each person is the same, whichever others are made. */
export class People {
  private readonly personas: readonly (readonly [name: string, persona: Persona, rhythm: Rhythm])[];
  private readonly shares: readonly number[];
  private readonly zones: readonly (readonly [name: string, calendar: Calendar])[];
  private readonly overMs: number;

  constructor(
    readonly population: Population,
    readonly span: Span,
  ) {
    this.personas = Object.entries(population.kinds).map(([name, persona]) => [name, persona, new Rhythm(persona)]);
    this.shares = Object.values(population.kinds).map(({ share }) => share);
    this.zones = Object.keys(population.zones).map((zone) => [zone, new Calendar(zone, span.begin)]);
    this.overMs = Math.min(toMs(population.over), endOf(span) - span.begin);
  }

  /**
   * Makes one of the people.
   * @param number counted from 0
   */
  person(number: number): Person {
    const random = personal(this.span.seed, number);
    const [name, habits, rhythm] = random.weighted(this.personas, this.shares);
    const [timezone, calendar] = random.weighted(this.zones, Object.values(this.population.zones));
    const arrives = this.span.begin + Math.floor(random.between(0, this.overMs));
    const user = {
      id: `person-${number + 1}`,
      traits: { timezone, ...this.population.traits({ number, kind: name }) },
      reachable: CHANNELS.filter((channel) => isDrawn(channel, habits) && random.chance(habits.reach[channel] ?? 0)),
      createdAt: rhythm.awakeAt(arrives, calendar),
    };
    return { user, habits, rhythm, calendar, draws: (...about) => personal(this.span.seed, number, ...about) };
  }
}

/** The first three channels have always been drawn. A further one is drawn if it is given, so that a seed goes on making the same people. */
function isDrawn(channel: BuiltInChannel, { reach }: Pick<Persona, 'reach'>): boolean {
  return channel in reach || CHANNELS.indexOf(channel) < 3;
}

/** The random numbers of one person of a simulation about one thing, independent of all others. */
export function personal(seed: number, number: number, ...about: readonly (string | number)[]): Random {
  return seeded(Math.floor(fraction(...[seed, number, ...about].map(String)) * 2 ** 32));
}
