import { InvalidArgumentError } from 'commander';

/** The largest accepted count. Larger simulations do not fit into memory. */
const MAX_COUNT = 10_000_000;

/**
 * Reads a count from a command-line argument.
 * @throws {InvalidArgumentError} when the text is not a whole number from 1 to {@link MAX_COUNT}
 */
export function readCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('Expected a whole number, 1 or more.');
  if (count > MAX_COUNT) throw new InvalidArgumentError(`Expected at most ${MAX_COUNT}.`);
  return count;
}
