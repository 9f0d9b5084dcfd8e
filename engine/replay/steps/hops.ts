import { endedJourney } from '../../model/ended';
import { hopsOf } from '../../model/tracked';
import type { RecordedEvent, StepRecord } from '../../model/state';
import type { StepContext } from '../context';

type Received = Pick<StepContext, 'run' | 'journal'>;

/** The last event that the run got. The end of a run that it started is none. */
export function lastEvent({ run, journal }: Received): RecordedEvent {
  return (
    [...journal.values()]
      .flatMap(eventsIn)
      .filter(({ name }) => endedJourney(name) === null)
      .at(-1) ?? run.trigger
  );
}

/** How many events led to this step only by journeys that tracked them: those of the last event that the run got. */
export function hopsSoFar(received: Received): number {
  return hopsOf(lastEvent(received).properties);
}

/** The events that a step was decided by. */
function eventsIn({ kind, status, outcome }: StepRecord): readonly RecordedEvent[] {
  if ((kind !== 'waitFor' && kind !== 'collect') || status !== 'done') return [];
  return [outcome].flat().filter((event) => event !== null) as unknown as readonly RecordedEvent[];
}
