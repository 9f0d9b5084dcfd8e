import fc from 'fast-check';
import { DateTime } from 'luxon';
import { Agenda } from './agenda';
import { Calendar } from './calendar';

const BEGIN = Date.parse('2026-01-05T00:00:00Z');
const HOUR = 3_600_000;
const ZONES = ['UTC', 'Europe/Berlin', 'America/Los_Angeles', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Africa/Cairo'];

test('a moment lies in the week and hour of the local calendar, even when the clocks change', () =>
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), fc.integer({ min: 0, max: 400 * 24 * 60 }), (zone, minutes) => {
      const at = BEGIN + minutes * 60_000;
      const local = DateTime.fromMillis(at, { zone });
      const calendar = new Calendar(zone, BEGIN);
      const week = calendar.weekOf(at);
      expect(calendar.beginOfWeek(week)).toBe(local.startOf('week').toMillis());
      expect(Math.floor(calendar.hourAt(at) / 24)).toBe(local.weekday - 1);
      const sinceMidnight = Math.floor((at - local.startOf('day').toMillis()) / HOUR);
      expect(calendar.hourAt(at) % 24).toBe(Math.min(23, sinceMidnight));
      if (sinceMidnight < 24)
        expect(at - calendar.hourOfWeek(week, calendar.hourAt(at))).toBe((at - local.startOf('day').toMillis()) % HOUR);
    }),
    { numRuns: 300 },
  ));

test('items are taken in order of time, and at the same moment in the order in which they were added', () =>
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 5 })), (moments) => {
      const agenda = new Agenda<readonly [number, number]>();
      moments.forEach((at, index) => agenda.add(at, [at, index]));
      const taken = moments.map(() => agenda.take());
      expect(taken).toEqual(
        moments.map((at, index) => [at, index]).sort(([a = 0, i = 0], [b = 0, k = 0]) => a - b || i - k),
      );
      expect([agenda.next, agenda.take()]).toEqual([null, undefined]);
    }),
  ));
