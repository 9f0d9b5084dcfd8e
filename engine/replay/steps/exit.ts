import { instant, type StepHandler } from './handler';

/**
 * Ends the run; the interpreter stops there. Where an edit put a new exit behind the user's position it is skipped like
 * any other step, and the code after it goes on.
 */
export function exit(reason: string): StepHandler<never> {
  return instant('exit', () => ({ outcome: reason, reason }), {
    skip: () => ({ outcome: null }),
    answer: () => undefined as never,
  });
}
