/** Prefix of the names of the engine's own events. Apps can't send them, and they are not activity. */
export const INTERNAL_PREFIX = 'sojourn:';

/** The name that stands for anything a user does. */
export const ANY_EVENT_NAME = '*';

/** The part of an event that says what it is. */
interface Named {
  readonly name: string;
}

/** An event that says whether the user did it. */
interface Active extends Named {
  readonly active?: boolean;
}

/** True for app events, false for internal ones. */
export function isActivity({ name }: Named): boolean {
  return !name.startsWith(INTERNAL_PREFIX);
}

/** Does the event match `*`? Some events only happen to a user, and don't. */
export function isDoneByUser(event: Active): boolean {
  return isActivity(event) && event.active !== false;
}

/** Does one of these names match the event? Internal events always match. */
export function isAwaited(event: Active, names: readonly string[]): boolean {
  return !isActivity(event) || names.includes(event.name) || (isDoneByUser(event) && names.includes(ANY_EVENT_NAME));
}

/** An event's name for a reason that everybody may read. Only declared names are shown: any other event may be called anything. */
export function declaredName({ name }: Named, names: readonly string[]): string {
  return names.includes(name) ? name : 'activity';
}
