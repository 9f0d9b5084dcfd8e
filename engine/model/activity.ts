/** Prefix of the names of internal events. Apps can't send such events, and they do not count as activity. */
export const INTERNAL_PREFIX = 'sojourn:';

/** The name that stands for any activity: everything a user does. */
export const ANY_EVENT_NAME = '*';

/** The stored name of an `identify` call. Its properties are the traits it sets. */
export const IDENTIFY = 'Identify';

/** The name of an event. */
interface Named {
  readonly name: string;
}

/** An event with the mark of whether the user did it. Without the mark, the user did. */
interface Active extends Named {
  readonly active?: boolean;
}

/** True for app events, false for internal ones. */
export function isActivity({ name }: Named): boolean {
  return !name.startsWith(INTERNAL_PREFIX);
}

/** Does the event match `*`? False for internal events, and for events that only happened to the user. */
export function isDoneByUser(event: Active): boolean {
  return isActivity(event) && event.active !== false;
}

/** Does one of these names match the event? Internal events always match. */
export function isAwaited(event: Active, names: readonly string[]): boolean {
  return !isActivity(event) || names.includes(event.name) || (isDoneByUser(event) && names.includes(ANY_EVENT_NAME));
}
