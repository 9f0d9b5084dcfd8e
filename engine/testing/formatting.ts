import type { Decision } from '../model/state';

/**
 * Formats the decisions in a journey, one per line, in order. A line reads
 * `2026-01-05T12:00:00.000Z welcome: sent by email (allowed)`. It holds no personal data, because decisions hold none.
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
