import type { Steps } from '../authoring/journey';
import { numberless } from '../outline/numberless';
import { CUT_OFF } from './path';

/** Longer paths are cut off, whatever the names of their steps. */
const MAX_STEPS = 500;

/**
 * Wraps the steps, so that the run ends where a path is too long or repeats a loop too often.
 * @param maxRounds the most steps with names that differ only in a number, as in a loop
 */
export function bounded(j: Steps<never>, maxRounds: number): Steps<never> {
  const rounds = new Map<string, number>();
  let steps = 0;
  const bound = (step: string): string | null => {
    const loop = numberless(step);
    const round = (rounds.get(loop) ?? 0) + 1;
    rounds.set(loop, round);
    if (++steps > MAX_STEPS) return `${MAX_STEPS} steps`;
    return round > maxRounds ? loop : null;
  };
  return new Proxy(j, {
    get: (target, property) => {
      const method: unknown = Reflect.get(target, property);
      if (typeof method !== 'function') return method;
      return (step: string, ...rest: readonly unknown[]): unknown => {
        const met = bound(step);
        return met === null ? Reflect.apply(method, target, [step, ...rest]) : j.exit(CUT_OFF, met);
      };
    },
  });
}
