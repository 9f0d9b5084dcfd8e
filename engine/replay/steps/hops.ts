import { hopsOf } from '../../model/tracked';
import type { RecordedEvent, StepRecord } from '../../model/state';
import type { StepContext } from '../context';

/** How many events led to this step only by journeys that tracked them: those of the last event that the run got. */
export function hopsSoFar({ run, journal }: Pick<StepContext, 'run' | 'journal'>): number {
  const { properties } = [...journal.values()].flatMap(eventsIn).at(-1) ?? run.trigger;
  return hopsOf(properties);
}

/** The events that a step was decided by. */
function eventsIn({ kind, status, outcome }: StepRecord): readonly Pick<RecordedEvent, 'properties'>[] {
  if ((kind !== 'waitFor' && kind !== 'collect') || status !== 'done') return [];
  return [outcome].flat().filter((event) => event !== null) as unknown as readonly RecordedEvent[];
}
