import type { Definitions } from '../engine/definitions/definitions';
import { INTERNAL_PREFIX } from '../engine/model/activity';
import type { WakeReason } from '../workflows/wake-signal';

/** Reasons in one call. One is enough to wake a user; the others are for readers of the timeline. */
const MAX_REASONS = 20;
/** Name shown for an event that no journey declares. */
const UNDECLARED = 'Activity';

/** Why a user is woken. */
export interface Cause extends WakeReason {
  /** The name of an app event that a journey declares; null for every other event and for checks. */
  readonly declared: string | null;
}

/** At least one cause. The first one names the call in the UI's timeline. */
export type Causes = readonly [Cause, ...Cause[]];

/**
 * Returns the causes that pending events are, a declared event first. Only declared and internal names are shown. An undeclared name
 * could be anything, personal data included.
 * @returns null for no events
 */
export function causesOf(
  { reactsTo }: Definitions,
  events: readonly { readonly id: string; readonly name: string }[],
): Causes | null {
  const [first, ...others] = events.slice(0, MAX_REASONS).map(({ id, name }): Cause => {
    if (name.startsWith(INTERNAL_PREFIX)) return { id, name, declared: null };
    return reactsTo.includes(name) ? { id, name, declared: name } : { id, name: UNDECLARED, declared: null };
  });
  return first ? declaredFirst([first, ...others]) : null;
}

/** Returns the cause that a check is, such as a deadline that has passed. */
export function checkCause(reason: string): Causes {
  return [{ id: null, name: reason, declared: null }];
}

/** Joins the causes of two calls to one user. */
export function joinedCauses([first, ...others]: Causes, later: Causes): Causes {
  return declaredFirst([first, ...[...others, ...later].slice(0, MAX_REASONS - 1)]);
}

/** Moves the first declared event, if there is one, to the front, where it names the call. */
function declaredFirst(causes: Causes): Causes {
  const head = causes.find(({ declared }) => declared !== null) ?? causes[0];
  return [head, ...causes.filter((other) => other !== head)];
}
