import type { Decision } from '../model/state';

/**
 * What was decided in a journey, a line each, in order: `2026-01-05T12:00:00.000Z welcome: sent by email (allowed)`. Holds no
 * personal data, as decisions don't.
 */
export function formatDecisions(decisions: readonly Decision[], journey: string): string[] {
  return decisions
    .filter((decision) => decision.journey === journey)
    .map(({ at, step, what, reason }) => {
      const why = reason === '' || reason === what ? '' : ` (${reason})`;
      return `${new Date(at).toISOString()} ${step ?? 'the journey'}: ${what}${why}`;
    });
}
