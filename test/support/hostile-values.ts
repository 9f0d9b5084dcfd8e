import fc from 'fast-check';

/** Strings that often break software. */
const NASTY = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  '\udfff\ud800',
  '😀'.repeat(50),
  'é'.normalize('NFD'),
  '\u202egnp.exe',
  "'; DROP TABLE users; --",
  '" OR ""="',
  '$1',
  '{}',
  '{a,"b\\"}',
  '\\',
  '\\u0000',
  'NULL',
  '%00',
  '../../etc/passwd',
  '<script>alert(1)</script>',
  '${7*7}{{7*7}}',
  '__proto__',
  'constructor',
  'toString',
  'x'.repeat(199),
  'x'.repeat(201),
  '2020-01-01T00:00:00Z',
  '-271821-04-20T00:00:00Z',
  '9999-12-31T23:59:59.999+14:00',
  '1e400',
];

/** One of them. */
export const nasty = fc.constantFrom(...NASTY);
/** A text that may be anything. */
export const text = fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 20 }));
const scalar = fc.oneof(
  text,
  fc.double(),
  fc.constantFrom(0, -0, -1, 2 ** 53, 2 ** 63, 1e308, Number.MIN_VALUE, true, false, null),
);
/** Any JSON value. */
export const anything = fc.oneof(
  scalar,
  fc.jsonValue({ maxDepth: 6 }),
  fc.array(scalar, { maxLength: 5 }),
  fc.dictionary(text, scalar, { maxKeys: 5 }),
);
/** A time in ISO 8601. */
export const moment = fc
  .date({ min: new Date('0000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString());

/** Usually a valid value, sometimes anything at all. */
export function mostly<Value>(right: fc.Arbitrary<Value>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 15, arbitrary: right }, { weight: 1, arbitrary: anything });
}
