import { readMoment, readSince } from '../../cli/moment';

const NOW = Date.parse('2026-06-01T12:00:00Z');

test.each([
  ['2026-05-01', '2026-05-01T00:00:00.000Z'],
  ['2024-02-29', '2024-02-29T00:00:00.000Z'],
  ['2026-05-01T09:00Z', '2026-05-01T09:00:00.000Z'],
  ['2026-05-01T09:00:00.5+02:00', '2026-05-01T07:00:00.500Z'],
  ['30 days', '2026-05-02T12:00:00.000Z'],
])('%s is a moment, the same on every machine', (text, moment) => {
  expect(new Date(readMoment(text, NOW)).toISOString()).toBe(moment);
});

test.each(['2026-02-31', '2026-02-29', '2026-13-01', '2026-02-31T09:00:00Z', '2026-05-01T25:00:00Z'])(
  '%s is refused: there is no such day or hour',
  (text) => expect(() => readMoment(text, NOW)).toThrow(`Not a moment: '${text}'`),
);

test.each(['2026-05-01T09:00:00', '2026-05-01T09:00', '2026-05-01 09:00:00'])(
  '%s is refused: it does not say of which zone',
  (text) => expect(() => readMoment(text, NOW)).toThrow(`Not a moment: '${text}'`),
);

test('nobody can be asked what happened since a moment to come', () => {
  expect(() => readSince('2026-06-02', NOW)).toThrow("Nothing has happened since '2026-06-02'");
  expect(readSince('2026-06-01', NOW)).toBe(Date.parse('2026-06-01'));
  expect(readMoment('2026-06-02', NOW)).toBe(Date.parse('2026-06-02'));
});
