import { IDENTIFY } from '../model/activity';
import { timeIn, timeOfDayIn } from '../model/instant';
import type { Followed, UserEvent } from '../model/state';
import type { Draft } from './draft';

/*
 * The traits at hand are those of now. An `identify` that is still to be seen may have set them, so until then a wait goes by the
 * time that its record has.
 */

const tells =
  (trait: string) =>
  ({ name, properties }: UserEvent): boolean =>
    name === IDENTIFY && Object.hasOwn(properties, trait);

/**
 * The time that a trait says at the instant that is decided, epoch milliseconds or minutes since midnight; null when it says none.
 * @param known what the wait has recorded. Absent for a wait that begins
 */
export function timeOf(draft: Draft, { trait, ofDay }: Omit<Followed, 'time'>, known?: Followed): number | null {
  const isKnown = known?.trait === trait && known.ofDay === ofDay && draft.unseen.some(tells(trait));
  if (isKnown) return known.time;
  return ofDay ? timeOfDayIn(draft.traits, trait) : timeIn(draft.traits, trait);
}

/** Does the trait that a wait follows say another time than the wait has recorded? */
export function hasMoved(draft: Draft, known: Followed): boolean {
  return timeOf(draft, known, known) !== known.time;
}

/** Was the present time of the trait told by an event that this advance has seen? Otherwise nothing says when it was set. */
export function wasTold({ history, unseen }: Draft, trait: string): boolean {
  const isTelling = tells(trait);
  return history.events.some((event) => event.pending && isTelling(event) && !unseen.includes(event));
}
