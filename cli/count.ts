import { InvalidArgumentError } from 'commander';

/**
 * Reads a count that was typed.
 * @throws {InvalidArgumentError} when it is no whole number, or less than 1
 */
export function readCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('It is a whole number, 1 or more.');
  return count;
}
