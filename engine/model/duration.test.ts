import fc from 'fast-check';
import { describeMs, toMs, type Duration } from './duration';

it.each<[Duration, number]>([
  ['1 millisecond', 1],
  ['30 seconds', 30_000],
  ['1 minute', 60_000],
  ['48 hours', 172_800_000],
  ['1 day', 86_400_000],
  ['2 weeks', 1_209_600_000],
  ['0 days', 0],
  ['1.5 hours', 5_400_000],
])('%s is %d milliseconds', (duration, ms) => expect(toMs(duration)).toBe(ms));

it.each(['soon', '2 fortnights', '-1 days', 'x days', '1  day', '1day', 'Infinity days', '1 constructor', ''])(
  '%j is not a duration',
  (text) => expect(() => toMs(text as Duration)).toThrow(`Not a duration: '${text}'`),
);

it.each(['101 years', '36501 days', '1e300 days', '99999999999 weeks', '5 days and more', ' days', '0x10 days'])(
  '%j is refused: it is not a duration, or too long for a database or a calendar',
  (text) => expect(() => toMs(text as Duration)).toThrow(TypeError),
);

it('a duration is a whole number of milliseconds', () =>
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1_000, noNaN: true }),
      fc.constantFrom('milliseconds', 'seconds', 'hours'),
      (n, unit) => expect(Number.isInteger(toMs(`${n} ${unit}` as Duration))).toBe(true),
    ),
  ));

it.each([
  [0, '0 s'],
  [999, '0 s'],
  [61_000, '1 min 1 s'],
  [187_200_000, '2 d 4 h'],
  [86_400_000 + 60_000, '1 d 1 min'],
  [-5, '0 s'],
])('%d milliseconds are described as %s', (ms, text) => expect(describeMs(ms)).toBe(text));
