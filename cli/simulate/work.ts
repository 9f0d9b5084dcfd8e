import { draw, type Drawn } from '../../engine/simulate/sample';
import type { Samples } from './samples';
import type { Work } from './thread-messages';

/** Pieces are small, so that all threads finish at about the same time. */
const PEOPLE_PER_PIECE = 50;
/** Smaller still: whole histories are copied to the thread. */
const LIVES_PER_PIECE = 10;

/** Divides the people of a population file into pieces of work. */
export async function* populationWork(file: string, people: number): AsyncGenerator<Work> {
  for (let first = 0; first < people; first += PEOPLE_PER_PIECE)
    yield { kind: 'people', file, first, count: Math.min(PEOPLE_PER_PIECE, people - first) };
}

/** How stored histories are sampled. */
export interface Drawing {
  /** The number of samples. */
  readonly people: number;
  readonly seed: number;
  /** The samples begin within this many weeks. */
  readonly weeks: number;
}

/**
 * Samples stored histories with replacement, and divides them into pieces of work.
 * @throws {Error} when there is no stored history
 */
export async function* sampledWork(samples: Samples, { people, seed, weeks }: Drawing): AsyncGenerator<Work> {
  const { count, known } = samples;
  if (count === 0)
    throw new Error(
      'No stored histories to sample from. Expected a database or file with at least one user with events.',
    );
  const drawn = draw({ lives: count, weeks }, people, seed);
  let next: Drawn[] = [];
  for await (const [index, life] of samples.pick(new Set(drawn.keys()))) {
    for (const week of drawn.get(index) ?? []) next.push({ life, week });
    if (next.length < LIVES_PER_PIECE) continue;
    yield { kind: 'lives', drawn: next, known };
    next = [];
  }
  if (next.length > 0) yield { kind: 'lives', drawn: next, known };
}
