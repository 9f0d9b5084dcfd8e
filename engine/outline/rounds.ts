import type { Outline, OutlineStep } from '../definitions/definitions';
import { numberless } from './numberless';

/** A loop of more rounds is drawn as one round. */
const MOST_ROUNDS = 10;

/** The steps and edges of an outline as a diagram draws them. */
export interface DrawnOutline extends Pick<Outline, 'steps' | 'edges'> {
  /** The name that a step has in the diagram. Steps of rounds that were not walked have one too. */
  readonly nameOf: (step: string) => string;
}

/** The outline with one step for all rounds of a long loop. Its name has `…` in place of the numbers. */
export function inOneRound({ steps, edges }: Pick<Outline, 'steps' | 'edges'>): DrawnOutline {
  const alike = ({ step, kind, text }: OutlineStep): string => JSON.stringify([numberless(step), kind, text]);
  const rounds = new Map<string, number>();
  for (const step of steps) rounds.set(alike(step), (rounds.get(alike(step)) ?? 0) + 1);
  const isLong = (step: OutlineStep): boolean => (rounds.get(alike(step)) ?? 0) > MOST_ROUNDS;
  const known = new Set(steps.map(({ step }) => step));
  const long = new Set(steps.filter(isLong).map(({ step }) => step));
  const ofLong = new Set([...long].map(numberless));
  const nameOf = (step: string): string =>
    long.has(step) || (!known.has(step) && ofLong.has(numberless(step))) ? step.replace(/\d+/g, '…') : step;
  const name = (step: string | null): string | null => (step === null ? null : nameOf(step));
  const drawn = new Map(steps.map((one) => [nameOf(one.step), one]));
  const ways = edges.map(({ from, to, when }) => ({ from: name(from), to: name(to), when }));
  return {
    steps: [...drawn].map(([step, one]) => ({ ...one, step })),
    edges: [...new Map(ways.map((way) => [JSON.stringify(way), way])).values()],
    nameOf,
  };
}
