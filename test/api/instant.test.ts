import fc from 'fast-check';
import { readInstant } from '../../api/segment/instant';

const MAY = Date.parse('2024-05-01T10:00:00.123Z');
const SECOND = Date.parse('2024-05-01T10:00:00Z');

test.each<[string, unknown, number]>([
  ['with a zone', '2024-05-01T12:00:00.123+02:00', MAY],
  ['without a zone', '2024-05-01T10:00:00.123', MAY],
  ['with a zone without colon', '2024-05-01T12:00:00.123+0200', MAY],
  ['with a zone of hours', '2024-05-01T12:00:00.123+02', MAY],
  ['with a space', '2024-05-01 10:00:00.123', MAY],
  ['as Ruby prints it', '2024-05-01 10:00:00 UTC', SECOND],
  ['as Ruby prints it with an offset', '2024-05-01 12:00:00 +0200', SECOND],
  ['in microseconds, as Flutter and Python print it', '2024-05-01T10:00:00.123999', MAY],
  ['in ticks, as .NET prints it', '2024-05-01T10:00:00.1239999Z', MAY],
  ['in nanoseconds, as Go prints it', '2024-05-01T10:00:00.123999999Z', MAY],
  ['with a comma', '2024-05-01T10:00:00,123Z', MAY],
  ['in lower case', '2024-05-01t10:00:00.123z', MAY],
  ['without seconds', '2024-05-01T10:00Z', SECOND],
  ['in a leap second', '2016-12-31T23:59:60Z', Date.parse('2017-01-01T00:00:00Z')],
  ['as a date', '2024-05-01', Date.parse('2024-05-01T00:00:00Z')],
  ['with blanks around it', ' 2024-05-01T10:00:00.123Z\n', MAY],
  ['in the first years', '0001-01-01T00:00:00', Date.parse('0001-01-01T00:00:00Z')],
  ['as seconds', SECOND / 1_000, SECOND],
  ['as seconds with a fraction', MAY / 1_000, MAY],
  ['as digits of seconds', String(SECOND / 1_000), SECOND],
  ['as milliseconds', MAY, MAY],
  ['as digits of milliseconds', String(MAY), MAY],
  ['as milliseconds with a fraction', MAY + 0.7, MAY],
  ['as the least seconds', 1e8, 1e11],
  ['as the least milliseconds', 1e11, 1e11],
])('a time %s is read', (_how, sent, instant) => expect(readInstant(sent)).toBe(instant));

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['null', null],
  ['empty text', ''],
  ['a word', 'yesterday'],
  ['a month that does not exist', '2024-13-01T00:00:00Z'],
  ['a day that does not exist', '2023-02-29T00:00:00Z'],
  ['an hour that does not exist', '2024-05-01T24:00:00Z'],
  ['an offset that does not exist', '2024-05-01T10:00:00+99:00'],
  ['a year of five digits', '+012024-05-01T00:00:00Z'],
  ['a counter', 5],
  ['a date without dashes', 20240501],
  ['microseconds', MAY * 1_000],
  ['no number', NaN],
  ['an infinite number', Infinity],
  ['a negative number', -MAY],
  ['an object', { $date: MAY }],
  ['a list', [MAY]],
])('%s is no time', (_what, sent) => expect(readInstant(sent)).toBeNull());

const pad = (value: number, length = 2): string => String(value).padStart(length, '0');

/** The parts of a spelling: what stands between date and time, further digits, and the offset with its form. */
const spelling = fc.record({
  between: fc.constantFrom('T', 't', ' '),
  further: fc.stringMatching(/^\d{0,9}$/),
  offsetMinutes: fc.integer({ min: -14 * 60, max: 14 * 60 }),
  zone: fc.constantFrom('Z', 'z', '', ' UTC', '+00:00', '+0000', ' +0000', 'offset', 'offset without colon'),
});

test('an instant comes out of each of its spellings as it went in', () => {
  const instant = fc.integer({ min: Date.parse('0001-01-02T00:00:00Z'), max: Date.parse('9999-12-30T00:00:00Z') });
  fc.assert(
    fc.property(instant, spelling, (ms, { between, further, offsetMinutes, zone }) => {
      const shifted = zone.startsWith('offset');
      const local = new Date(ms + (shifted ? offsetMinutes * 60_000 : 0)).toISOString().slice(0, -1);
      const size = Math.abs(offsetMinutes);
      const offset = `${offsetMinutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
      const suffix = shifted ? (zone === 'offset' ? offset : offset.replace(':', '')) : zone;
      expect(readInstant(local.replace('T', between) + further + suffix)).toBe(ms);
    }),
    { numRuns: 2_000 },
  );
});

test('an instant since 1973 comes out of its Unix time as it went in', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1e11, max: 1e14 - 1 }), (ms) => {
      const whole = ms - (ms % 1_000);
      const sent = [ms, String(ms), ms / 1_000, (ms / 1_000).toFixed(3)];
      expect(sent.map(readInstant)).toEqual([ms, ms, ms, ms]);
      expect([whole / 1_000, String(whole / 1_000)].map(readInstant)).toEqual([whole, whole]);
    }),
  );
});
