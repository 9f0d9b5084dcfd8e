import { HABITS, type Habit, type HabitName } from './habits';
import { seeded } from '../../engine/testing/random';

/** A person of the demo. */
export interface Person {
  /** Also the seed of the person's random choices, so that the choices of one person do not affect another. */
  readonly number: number;
  readonly id: string;
  readonly firstName: string;
  readonly email: string;
  readonly timezone: string;
  readonly plan: 'free' | 'team';
  readonly habitName: HabitName;
  readonly habit: Habit;
  /** Time from the start of the demo to the first visit, milliseconds of the journey clock. */
  readonly arrivesAfterMs: number;
}

const ZONES = [
  'Europe/Berlin',
  'Europe/Lisbon',
  'Africa/Lagos',
  'Africa/Nairobi',
  'Asia/Kolkata',
  'Asia/Tokyo',
  'Asia/Kathmandu',
  'Australia/Sydney',
  'Pacific/Auckland',
  'America/Sao_Paulo',
  'America/New_York',
  'America/Los_Angeles',
] as const;

const NAMES = [
  ...['Ada', 'Grace', 'Alan', 'Edsger', 'Barbara', 'Donald', 'Radia', 'Ken', 'Margaret', 'Dennis'],
  ...['Hedy', 'Linus', 'Katherine', 'Tim', 'Shafi', 'Leslie', 'Frances', 'Niklaus', 'Adele', 'Vint'],
] as const;

const DAY_MS = 86_400_000;
/** Most people arrive in the first days, so that the demo shows them for long enough. The others arrive later. */
const EARLY = { share: 0.75, days: 6 } as const;
const LATE_DAYS = 45;

/** Returns the people, in the proportions of `HABITS` and from all over the world. The same seed gives the same people. */
export function population(size: number, seed: number): Person[] {
  const random = seeded(seed);
  return mix(size).map((habitName, index) => {
    const number = index + 1;
    const firstName = NAMES[index % NAMES.length] ?? '';
    const id = `demo-${String(number).padStart(2, '0')}`;
    return {
      number,
      id,
      firstName,
      email: `${firstName.toLowerCase()}.${number}@example.com`,
      timezone: random.pick(ZONES),
      plan: random.chance(0.7) ? 'free' : 'team',
      habitName,
      habit: HABITS[habitName],
      arrivesAfterMs: random.between(0, random.chance(EARLY.share) ? EARLY.days : LATE_DAYS) * DAY_MS,
    };
  });
}

/** Assigns habits in proportion, even for few people. The next person gets the habit that is furthest behind its share. */
function mix(size: number): HabitName[] {
  const names = Object.keys(HABITS) as HabitName[];
  const taken = new Map<HabitName, number>();
  const share = (name: HabitName): number => ((taken.get(name) ?? 0) + 1) / HABITS[name].people;
  return Array.from({ length: size }, () => {
    const next = names.reduce((best, name) => (share(name) < share(best) ? name : best));
    taken.set(next, (taken.get(next) ?? 0) + 1);
    return next;
  });
}
