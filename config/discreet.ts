import type { Json } from '../engine/model/json';

/** What takes the place of personal data. */
const CUT = '…';
/** The most characters of a message in the log. */
const LONGEST = 300;
/** Shorter values, such as `en`, are also ordinary words. */
const SHORTEST = 3;

/** Addresses, what follows the host of a URL, long numbers, and long words with digits, such as tokens and ids. */
const PERSONAL = [/\S+@\S+/g, /(?<=https?:\/\/[^\s/]*)\/\S*/g, /\+?\d[\d ().-]{4,}\d/g, /(?=\S*\d)[\w+/=-]{20,}/g];

/**
 * A message of an error from authors' code without what may be personal: all values that are known of the user, and whatever looks
 * like an address, a number or a token.
 * @param known values that are known of the user
 */
export function withoutPersonalData(message: string, known: Json): string {
  const values = [...new Set(textsIn(known))].sort((a, b) => b.length - a.length);
  let text = message.slice(0, LONGEST * 10);
  for (const value of values) {
    if (!text.toLowerCase().includes(value)) continue;
    const escaped = value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    text = text.replace(new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'giu'), CUT);
  }
  for (const pattern of PERSONAL) text = text.replace(pattern, CUT);
  return text.length > LONGEST ? text.slice(0, LONGEST - 1) + CUT : text;
}

/** All texts and numbers in a value, in lower case, except the shortest. */
function textsIn(value: Json): string[] {
  if (typeof value === 'string' || typeof value === 'number') {
    const text = String(value).trim().toLowerCase();
    return text.length < SHORTEST ? [] : [text];
  }
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap(textsIn);
}
