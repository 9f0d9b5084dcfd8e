/** What the words stand for. */
const WORDS = { high: 10, low: -10 } as const;
/** The highest priority; the lowest is its negative. */
export const MOST_PRIORITY = 1_000;

/** Something with a priority: a journey. Absent if it is 0. */
interface Prioritized {
  readonly priority?: number;
}

export type PriorityOption = keyof typeof WORDS | number;

/**
 * The priority of a journey as its author says it. It is left out if it is the default, 0.
 * @throws {TypeError} when it is neither a word nor a whole number within the bounds
 */
export function priorityOption(id: string, said: PriorityOption = 0): Prioritized {
  const priority = typeof said === 'string' ? WORDS[said] : said;
  if (!(Number.isInteger(priority) && Math.abs(priority) <= MOST_PRIORITY))
    throw new TypeError(
      `The priority of '${id}' must be 'high', 'low' or a whole number from -${MOST_PRIORITY} to ${MOST_PRIORITY}.`,
    );
  return priority === 0 ? {} : { priority };
}

/** The priority of a journey; 0 unless it says otherwise. */
export function priorityOf({ priority = 0 }: Prioritized): number {
  return priority;
}
