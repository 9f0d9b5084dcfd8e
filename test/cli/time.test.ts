import { readSince, readTime } from '../../cli/time';

const NOW = Date.parse('2026-06-01T12:00:00Z');

test.each([
  ['2026-05-01', '2026-05-01T00:00:00.000Z'],
  ['2024-02-29', '2024-02-29T00:00:00.000Z'],
  ['2026-05-01T09:00Z', '2026-05-01T09:00:00.000Z'],
  ['2026-05-01T09:00:00.5+02:00', '2026-05-01T07:00:00.500Z'],
  ['30 days', '2026-05-02T12:00:00.000Z'],
])('%s is read as %s on every machine', (text, time) => {
  expect(new Date(readTime(text, NOW)).toISOString()).toBe(time);
});

test.each(['2026-02-31', '2026-02-29', '2026-13-01', '2026-02-31T09:00:00Z', '2026-05-01T25:00:00Z'])(
  '%s is refused: the day or hour does not exist',
  (text) => expect(() => readTime(text, NOW)).toThrow(`Invalid time: '${text}'`),
);

test.each(['2026-05-01T09:00:00', '2026-05-01T09:00', '2026-05-01 09:00:00'])(
  '%s is refused: it has no offset',
  (text) => expect(() => readTime(text, NOW)).toThrow(`Invalid time: '${text}'`),
);

test('a period cannot start in the future', () => {
  expect(() => readSince('2026-06-02', NOW)).toThrow("Invalid time: '2026-06-02'. Expected a time in the past");
  expect(readSince('2026-06-01', NOW)).toBe(Date.parse('2026-06-01'));
  expect(readTime('2026-06-02', NOW)).toBe(Date.parse('2026-06-02'));
});
