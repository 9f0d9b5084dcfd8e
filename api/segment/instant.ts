/**
 * A date and a time of ISO 8601, as clients write them: with `T` or a space between the two, any number of digits after the second,
 * and a zone as `Z`, `+02:00`, `+0200`, `+02` or not at all. A date alone is its first moment.
 */
const ISO =
  /^(\d{4}-\d\d-\d\d)(?:[Tt ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d|60)(?:[.,](\d+))?)?)? ?(?:[Zz]|UTC|GMT|([+-])([01]\d|2[0-3]):?([0-5]\d)?)?$/;
/** What is said of a time that `readInstant` can't read. */
export const UNREADABLE = 'cannot be read as a time';

const DIGITS = /^\d+(?:\.\d+)?$/;

/** As seconds, 1973 to 5138. Smaller numbers are no times of events: 0 for none, a year, a date without dashes, a counter. */
const LEAST_SECONDS = 1e8;
/** As milliseconds, 1973 to 5138 as well. A number from here on counts as milliseconds. */
const LEAST_MILLISECONDS = 1e11;
const TOO_LARGE = 1e14;

/**
 * Reads an instant that a client sent: text in ISO 8601, where no zone means UTC, or Unix time as a number or its digits. Unix time
 * is in seconds below 100,000,000,000 and otherwise in milliseconds.
 *
 * luxon reads fewer spellings and takes ten times as long, and `Date.parse` reads a time without a zone in the zone of the server.
 * @returns epoch milliseconds, rounded down for text; null when it is none of these or names a day that does not exist
 */
export function readInstant(sent: unknown): number | null {
  if (typeof sent === 'number') return unixTime(sent);
  if (typeof sent !== 'string') return null;
  const usual = usualTime(sent);
  if (usual !== null) return usual;
  const text = sent.trim();
  return DIGITS.test(text) ? unixTime(Number(text)) : isoTime(text);
}

function unixTime(sent: number): number | null {
  if (!(sent >= LEAST_SECONDS && sent < TOO_LARGE)) return null;
  return sent < LEAST_MILLISECONDS ? Math.round(sent * 1_000) : Math.floor(sent);
}

/**
 * Reads the spelling of `Date.prototype.toISOString`, which nearly all clients send, ten times as fast as `isoTime`.
 * @returns null for anything else
 */
function usualTime(text: string): number | null {
  if (text.length !== 24 || text[10] !== 'T' || text[19] !== '.' || text[23] !== 'Z') return null;
  if (text[4] !== '-' || text[7] !== '-' || text[13] !== ':' || text[16] !== ':') return null;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const [month, day] = [twoDigits(text, 5), twoDigits(text, 8)];
  const [hour, minute, second] = [twoDigits(text, 11), twoDigits(text, 14), twoDigits(text, 17)];
  const milliseconds = twoDigits(text, 20) * 10 + (twoDigits(text, 21) % 10);
  // NaN fails every comparison. Date.UTC takes years below 100 for those of the last century.
  if (!(year >= 1970 && month >= 1 && month <= 12 && day >= 1 && hour < 24 && minute < 60 && second < 60)) return null;
  const at = Date.UTC(year, month - 1, day, hour, minute, second, milliseconds);
  // Date.UTC reads 30 February as 2 March.
  return Number.isNaN(at) || (day > 28 && new Date(at).getUTCDate() !== day) ? null : at;
}

/** The number that two digits at a position of a text are; NaN when they are no digits. */
function twoDigits(text: string, at: number): number {
  const [tens, ones] = [text.charCodeAt(at) - 48, text.charCodeAt(at + 1) - 48];
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN;
}

function isoTime(text: string): number | null {
  const match = ISO.exec(text);
  if (!match) return null;
  const [, date, hour = '00', minute = '00', second = '00', fraction = '', sign, offsetHours, offsetMinutes = '00'] =
    match;
  const day = Date.parse(`${date}T00:00:00Z`);
  // Date.parse reads 30 February as 1 March.
  if (Number.isNaN(day) || new Date(day).getUTCDate() !== Number(date?.slice(8))) return null;
  const local = day + ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1_000;
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const offset = sign === undefined ? 0 : Number(`${sign}1`) * (Number(offsetHours) * 60 + Number(offsetMinutes));
  return local + milliseconds - offset * 60_000;
}
