import { SetupError } from '../setup-error';
import type { GoodReading, JourneySource } from './load';
import { formatProblems } from './place';

/**
 * Reads the journeys with which everything starts.
 * @throws {SetupError} with every problem and its place
 */
export async function readFirst(source: JourneySource): Promise<GoodReading> {
  const reading = await source.read();
  if (reading.kind === 'good') return reading;
  throw new SetupError(`The journeys cannot be used:\n\n${formatProblems(reading.problems)}`);
}
