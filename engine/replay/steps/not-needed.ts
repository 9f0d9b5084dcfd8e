import type { EventDefinition } from '../../authoring/event';
import { awaitedAs, narrowedName } from '../../authoring/narrowed';
import type { ChannelName } from '../../model/state';
import type { Verdict } from '../../policy/decide';
import { eventsFor, meantOf } from '../../user/history';
import type { StepContext } from '../context';
import type { Waiting } from './step-type';

/** Has an event of the run come that makes its message needless? Whether a wait has used it does not matter. */
export function hasCome(context: StepContext, events: readonly EventDefinition<unknown>[]): boolean {
  const { since } = context.run;
  const names = events.map(({ name }) => name);
  return eventsFor(context, { names, meant: meantOf(events), since, watchedSince: since }).length > 0;
}

/** What a message that is held awaits, beside the end of its hold. */
export function awaiting(events: readonly EventDefinition<unknown>[]): Pick<Waiting, 'awaits' | 'narrowed'> {
  const awaits = [...new Set(events.map(({ name }) => name))];
  return { awaits, ...(events.some(narrowedName) && { narrowed: events.map(awaitedAs) }) };
}

/** The verdict on a message that is not needed any more. */
export function notNeeded([channel]: readonly ChannelName[]): Verdict {
  return {
    kind: 'suppress',
    channel: channel ?? null,
    cause: 'not needed',
    reason: 'not needed any more',
    facts: {},
    obstacles: {},
    asked: [],
  };
}
