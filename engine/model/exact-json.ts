/** The tokens of valid JSON that matter here: texts, which are skipped, and numbers. */
const TEXT_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;
/** Match JSON with a long number and with a large exponent. All other numbers are exact. A false match only costs time. */
const LONG = /[\s:,[]-?\d[\d.]{15}/;
const LARGE = /\d[eE][+-]?\d{3,}[\s,}\]]/;
/** Every number of at most so many characters is exact unless its exponent is extreme. */
const SHORT = 15;
const TINY = 1e-300;
const INTEGER = /^-?\d+$/;
/** With so many digits, a double is written without loss. A number with more was never one. */
const DOUBLE_DIGITS = 17;

/**
 * Parses a JSON object or list as `JSON.parse` does, except for numbers that JavaScript would change: these become text, with the
 * digits that were sent.
 *
 * - An integer beyond ±(2^53 - 1) becomes text.
 * - A number with a fraction or an exponent becomes text if it has more than 17 significant digits, or if the nearest double,
 *   rounded to as many digits, is another number. `0.1` and `0.10000000000000001` stay numbers, `12345678901234567.89` and `1e400`
 *   become text.
 *
 * @throws {SyntaxError} when the text is not JSON
 */
export function parseExactly(text: string): unknown {
  const parsed: unknown = JSON.parse(text);
  if (!LONG.test(text) && !LARGE.test(text)) return parsed;
  const quoted = text.replace(TEXT_OR_NUMBER, (token) =>
    token.startsWith('"') || isExact(token) ? token : `"${token}"`,
  );
  return quoted === text ? parsed : JSON.parse(quoted);
}

function isExact(token: string): boolean {
  const value = Number(token);
  if (!Number.isFinite(value)) return false;
  if (token.length <= SHORT && Math.abs(value) > TINY) return true;
  if (INTEGER.test(token)) return Number.isSafeInteger(value);
  const digits = significant(token);
  return digits === '' || (digits.length <= DOUBLE_DIGITS && significant(value.toPrecision(digits.length)) === digits);
}

/** The digits of a number without sign, point and exponent, and without the zeros around them. */
function significant(number: string): string {
  const digits = number.replace(/[eE].*|[-.]/g, '');
  let [start, end] = [0, digits.length];
  while (digits[start] === '0') start++;
  while (end > start && digits[end - 1] === '0') end--;
  return digits.slice(start, end);
}
