import { ELLIPSIS, shortened } from './shortened';

/**
 * Writes a text into JSON of a limited size. When all of it is too long, the text is cut between two characters and ends with an
 * ellipsis.
 * @param write writes the JSON with a text that stands in it once
 * @param limit UTF-8 octets of the JSON
 * @returns null when everything else alone is too long
 */
export function withFittingBody(body: string, limit: number, write: (body: string) => string): string | null {
  const whole = write(body);
  if (octets(whole) <= limit) return whole;
  const room = limit - octets(write(ELLIPSIS));
  if (room < 0) return null;
  return write(shortened(body, room, (character) => octets(JSON.stringify(character)) - 2));
}

function octets(text: string): number {
  return Buffer.byteLength(text);
}
