import type { Definitions } from '../engine/definitions/definitions';
import { flagReads } from '../engine/flags/reads';
import { remembered } from './gatherer';
import type { IncomingEvent } from './ingest-values';

/** The traits that rules of flags read, as the text of a call would contain them. */
const textsOf = remembered((definitions: Pick<Definitions, 'flags'>) =>
  [...flagReads(definitions).traits].map((trait) => `${JSON.stringify(trait)}:`),
);

/**
 * The users whose flags events may change by the traits they set. A call is searched as text, because to read it would cost every call
 * more than a superfluous announcement costs a few. A user named by a former id is not among them: their pages are read again within a
 * minute.
 */
export function flagsMayChangeFor(events: readonly IncomingEvent[], definitions: Pick<Definitions, 'flags'>): string[] {
  const texts = textsOf(definitions);
  return events.flatMap(({ userId, traits, context }) =>
    texts.some((text) => traits?.includes(text) || context?.includes(text)) ? [userId] : [],
  );
}
