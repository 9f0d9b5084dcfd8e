import fc from 'fast-check';
import { parseExactly } from './exact-json';

const read = (number: string): unknown => (parseExactly(`{"n":${number}}`) as { n: unknown }).n;

test.each<[string, number]>([
  ['0', 0],
  ['-0', -0],
  ['0.0000000000000000', 0],
  ['1.5', 1.5],
  ['1.50000000000000000000', 1.5],
  ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ['-9007199254740991', Number.MIN_SAFE_INTEGER],
  ['0.30000000000000004', 0.1 + 0.2],
  // As PHP and C print a tenth with 17 digits.
  ['0.10000000000000001', 0.1],
  ['1e21', 1e21],
  ['1.7976931348623157E+308', Number.MAX_VALUE],
  ['5e-324', Number.MIN_VALUE],
])('%s stays a number', (sent, number) => expect(read(sent)).toBe(number));

test.each([
  '9007199254740992',
  '-9007199254740993',
  '820982911946154508',
  '820982911946154509',
  '100000000000000000000',
  '12345678901234567.89',
  '1234567890123456.7',
  '3.141592653589793238',
  '0.10000000000000000001',
  '1e400',
  '-1E+400',
  '1e-400',
  '1.2345e-320',
  '9'.repeat(400),
])('%s becomes text, because JavaScript would change it', (sent) => expect(read(sent)).toBe(sent));

test.each([
  ['in a list', '[1, 820982911946154508,\n-820982911946154509]', [1, '820982911946154508', '-820982911946154509']],
  ['in depth', '{"a":{"b":[{"c":820982911946154508}]}}', { a: { b: [{ c: '820982911946154508' }] } }],
  [
    'beside such digits in text and keys',
    '{"1e400":"820982911946154508, 1e400","n":1e400}',
    { '1e400': '820982911946154508, 1e400', n: '1e400' },
  ],
  [
    'beside quotes and backslashes',
    '{"a":"\\\\","b\\"":"\\" : 820982911946154508 ","n":1e400}',
    { a: '\\', 'b"': '" : 820982911946154508 ', n: '1e400' },
  ],
])('a number is found %s', (_where, text, value) => expect(parseExactly(text)).toEqual(value));

test.each([
  '',
  '{',
  '[1e400,]',
  '{"n":0820982911946154508}',
  '{"n":+820982911946154508}',
  '{"n":1e400',
  '[820982911946154508.]',
])('%s is not JSON', (text) => expect(() => parseExactly(text)).toThrow(SyntaxError));

test('what JavaScript writes is read as JSON.parse reads it', () => {
  const number = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.maxSafeInteger());
  const value = fc.oneof(fc.jsonValue({ maxDepth: 4 }), fc.dictionary(fc.string(), number));
  fc.assert(
    fc.property(value, fc.constantFrom(undefined, 1), (sent, indent) => {
      const text = JSON.stringify([sent], null, indent);
      // JavaScript writes integers from 2^53 to 10^21 without an exponent; those become text.
      fc.pre(!/[\s:,[]-?\d{16,}[\s,}\]]/.test(text));
      expect(parseExactly(text)).toEqual(JSON.parse(text));
    }),
  );
});

test('the digits of an integer of any size come out as they went in', () => {
  fc.assert(fc.property(fc.bigInt(), (sent) => expect(String(read(String(sent)))).toBe(String(sent))));
});

test('a decimal number of any length keeps its value or its text', () => {
  const digits = fc.stringMatching(/^[1-9]\d{0,25}$/);
  fc.assert(
    fc.property(digits, digits, (whole, fraction) => {
      const sent = `${whole}.${fraction}`;
      const got = read(sent);
      if (typeof got === 'number') expect(got).toBe(Number(sent));
      else expect(got).toBe(sent);
      if (whole.length + fraction.length <= 15) expect(typeof got).toBe('number');
    }),
  );
});
