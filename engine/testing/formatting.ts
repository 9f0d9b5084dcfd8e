import type { Decision } from '../model/state';

/**
 * What was decided in a journey, a line each, in order: `2026-01-05T12:00:00.000Z welcome: sent by email (allowed)`. Holds no
 * personal data, as decisions don't.
 */
export function formatDecisions(decisions: readonly Decision[], journey: string): string[] {
  return decisions
    .filter((decision) => decision.journey === journey)
    .map(({ at, step, what, reason }) => {
      // Some decisions say no more than their reason.
      const [said, ...why] = new Set([what, reason].filter((text) => text !== ''));
      return [
        `${new Date(at).toISOString()} ${step ?? 'the journey'}: ${said ?? ''}`,
        ...why.map((text) => `(${text})`),
      ].join(' ');
    });
}
