/**
 * The instant that a provider writes as ISO 8601, such as `2026-11-30T12:00:00.1234567Z`.
 * @param otherwise when it came, for a text that is none
 * @returns epoch milliseconds
 */
export function instantOf(text: string | undefined, otherwise: number): number {
  const instant = text === undefined ? NaN : Date.parse(text);
  return Number.isNaN(instant) ? otherwise : instant;
}
