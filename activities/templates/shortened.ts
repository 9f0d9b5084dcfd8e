/** Ends a text that was cut. */
export const ELLIPSIS = '…';

/**
 * The beginning of a text, with an ellipsis. A character that people see as one is not divided.
 * @param room octets for the text, the ellipsis not counted
 * @param octets how many octets a character takes, at least 1
 */
export function shortened(text: string, room: number, octets: (character: string) => number): string {
  let end = 0;
  let used = 0;
  // No character takes less than one octet, so the rest of a long text need not be looked at.
  for (const { segment, index } of new Intl.Segmenter().segment(text.slice(0, room + 1))) {
    used += octets(segment);
    if (used > room) break;
    end = index + segment.length;
  }
  return text.slice(0, end).trimEnd() + ELLIPSIS;
}

/** A text of at most `limit` UTF-16 units: as it is, or its beginning with an ellipsis. */
export function shortenedTo(text: string, limit: number): string {
  return text.length <= limit ? text : shortened(text, limit - ELLIPSIS.length, (character) => character.length);
}
