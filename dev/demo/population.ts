import { HABITS, type Habit, type HabitName } from './habits';
import { seeded } from '../../engine/testing/random';

/** Somebody who lives through the demo. */
export interface Person {
  /** Their number; it also seeds their own chances, so that what one does changes nobody else. */
  readonly number: number;
  readonly id: string;
  readonly firstName: string;
  readonly email: string;
  readonly timezone: string;
  readonly plan: 'free' | 'team';
  readonly habitName: HabitName;
  readonly habit: Habit;
  /** Milliseconds from the beginning to their first visit. */
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
/** Most come in the first days, so that there is time for a whole life; the rest joins later. */
const EARLY = { share: 0.75, days: 6 } as const;
const LATE_DAYS = 45;

/** The same people at every run with the same seed: in the mix of `HABITS`, from all over the world. */
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

/** Habits in their proportions however few the people: the next is the one furthest behind its share. */
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
