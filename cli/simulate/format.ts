/** The title of the section about the steps of a journey. */
export function flowTitle(journey: string): string {
  return `Flow of ${journey}`;
}

/** Formats a count, or a mean with one or two decimals when it is small. */
export function number(value: number): string {
  const digits = Number.isInteger(value) || value >= 100 ? 0 : value < 1 ? 2 : 1;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits, minimumFractionDigits: digits });
}

/** Formats a count of things: `1 message`, `2 messages`. */
export function count(value: number, one: string, many = `${one}s`): string {
  return `${number(value)} ${value === 1 ? one : many}`;
}

/** Formats a rate in percent; a dash when the whole is 0. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return '–';
  const share = (100 * part) / whole;
  if (share > 0 && share < 0.1) return '< 0.1 %';
  return `${share.toFixed(share > 0 && share < 10 ? 1 : 0)} %`;
}
