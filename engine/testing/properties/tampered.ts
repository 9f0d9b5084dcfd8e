import type { Journey, Steps } from '../../authoring/journey';

/** What is done where a step is called; `step` calls it. */
export type Tamper = (j: Steps, step: () => unknown) => unknown;

/** A journey whose code does something else at one of its steps. */
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
