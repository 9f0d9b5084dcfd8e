import { InvalidArgumentError } from 'commander';

/** More of anything would not fit into memory. */
const MOST = 10_000_000;

/**
 * Reads a count that was typed.
 * @throws {InvalidArgumentError} when it is no whole number, less than 1, or too much
 */
export function readCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('It is a whole number, 1 or more.');
  if (count > MOST) throw new InvalidArgumentError(`It is ${MOST} at most.`);
  return count;
}
