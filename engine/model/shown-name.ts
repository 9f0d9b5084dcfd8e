import { endedJourney } from './ended';

/** The name of an event in texts for people. That of the end of a journey is internal: `end of course`. */
export function shownName(name: string): string {
  const journey = endedJourney(name);
  return journey === null ? name : `end of ${journey}`;
}

/**
 * An event's name for a reason that everybody may read. A name that is not declared may hold personal data, so `activity`
 * stands for it.
 * @param names the declared names
 */
export function declaredName({ name }: { readonly name: string }, names: readonly string[]): string {
  return names.includes(name) ? shownName(name) : 'activity';
}
