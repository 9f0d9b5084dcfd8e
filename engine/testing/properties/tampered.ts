import type { Journey, Steps } from '../../authoring/journey';

/** Replaces the call of a step. `step` makes the original call. */
export type Tamper = (j: Steps, step: () => unknown) => unknown;

/** Makes a copy of a journey with code that does something else at the step `where`. */
export function tampered(journey: Journey, where: string, tamper: Tamper): Journey {
  const steps = (j: Steps<never>): Steps<never> =>
    new Proxy(j, {
      get(target, property) {
        const value: unknown = Reflect.get(target, property);
        if (typeof value !== 'function') return value;
        return (name: string, ...rest: readonly unknown[]): unknown => {
          const call = (): unknown => Reflect.apply(value, target, [name, ...rest]);
          return name === where ? tamper(target, call) : call();
        };
      },
    });
  return { ...journey, run: (j) => journey.run(steps(j)) };
}
