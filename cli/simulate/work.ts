import { draw, type Drawn } from '../../engine/simulate/sample';
import type { Samples } from './samples';
import type { Work } from './threads';

/** So few that no thread is left alone with the last of them. */
const PEOPLE_AT_ONCE = 50;
/** Lives go from one thread to another whole. */
const LIVES_AT_ONCE = 10;

/** People of the population in a file. */
export async function* populationWork(file: string, people: number): AsyncGenerator<Work> {
  for (let first = 0; first < people; first += PEOPLE_AT_ONCE)
    yield { kind: 'people', file, first, count: Math.min(PEOPLE_AT_ONCE, people - first) };
}

/** How many lives are drawn, by which chance, and over how many weeks they begin. */
export interface Drawing {
  readonly people: number;
  readonly seed: number;
  readonly weeks: number;
}

/**
 * Stored lives, drawn with replacement.
 * @throws {Error} when there is none
 */
export async function* sampledWork(samples: Samples, { people, seed, weeks }: Drawing): AsyncGenerator<Work> {
  const { count, known } = samples;
  if (count === 0) throw new Error('There is nobody to draw from.');
  const drawn = draw({ lives: count, weeks }, people, seed);
  let next: Drawn[] = [];
  for await (const [index, life] of samples.pick(new Set(drawn.keys()))) {
    for (const week of drawn.get(index) ?? []) next.push({ life, week });
    if (next.length < LIVES_AT_ONCE) continue;
    yield { kind: 'lives', drawn: next, known };
    next = [];
  }
  if (next.length > 0) yield { kind: 'lives', drawn: next, known };
}
