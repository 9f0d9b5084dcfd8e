import type { Memory } from './state';

/** Follows the key of a count that other definitions left, and that may be too low. */
const LEFT = '\nleft';

/** The key under which other definitions left a count. */
export function leftKey(key: string): string {
  return key + LEFT;
}

/** The counts as other definitions find them. The key of a filtered event has a line break; it is counted again. */
export function leaveFiltered(counts: Memory['counts']): Memory['counts'] {
  return Object.fromEntries(
    Object.entries(counts).map(([key, count]) => [
      key.includes('\n') && !key.endsWith(LEFT) ? leftKey(key) : key,
      count,
    ]),
  );
}
