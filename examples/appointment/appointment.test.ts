import fc from 'fast-check';
import { templatesIn, traveller, type Traveller } from 'sojourn/testing';
import { appointmentBooked, appointmentCancelled, appointmentRescheduled } from '../events';
import lifecycle from '../lifecycle';
import policy from '../policy';
import appointment from './journey';

const rules = { lifecycle, policy };
const at = (startsAt: string) => ({ appointment: 'T-7', startsAt, place: 'Berlin', zone: 'Europe/Berlin' });
const templates = templatesIn('examples');
const person = (now = '2026-03-01T12:00:00Z', timezone = 'Europe/Berlin') =>
  traveller(appointment, { at: now, timezone, with: rules, templates });
const sentTo = ({ messages }: Traveller): string[] =>
  messages.map(({ step, decidedAt }) => `${step}: ${new Date(decidedAt).toISOString()}`);

test('the day before and one hour before', async () => {
  const ada = person();
  await ada.track(appointmentBooked, at('2026-03-10T15:00:00+01:00'));
  await ada.forward('30 days');
  expect(sentTo(ada)).toEqual(['tomorrow: 2026-03-09T14:00:00.000Z', 'in an hour: 2026-03-10T13:00:00.000Z']);
});

test('rescheduled later: both move', async () => {
  const ada = person();
  await ada.track(appointmentBooked, at('2026-03-10T15:00:00+01:00'));
  await ada.track(appointmentRescheduled, at('2026-03-12T15:00:00+01:00'));
  await ada.forward('30 days');
  expect(sentTo(ada)).toEqual(['tomorrow: 2026-03-11T14:00:00.000Z', 'in an hour: 2026-03-12T13:00:00.000Z']);
});

test('rescheduled earlier: both move', async () => {
  const ada = person();
  await ada.track(appointmentBooked, at('2026-03-10T15:00:00+01:00'));
  await ada.forwardTo('2026-03-05T12:00:00Z');
  await ada.track(appointmentRescheduled, at('2026-03-07T15:00:00+01:00'));
  await ada.forward('30 days');
  expect(sentTo(ada)).toEqual(['tomorrow: 2026-03-06T14:00:00.000Z', 'in an hour: 2026-03-07T13:00:00.000Z']);
});

test('rescheduled into the next hour: nothing more is sent', async () => {
  const ada = person();
  await ada.track(appointmentBooked, at('2026-03-10T15:00:00+01:00'));
  await ada.forwardTo('2026-03-09T14:00:00Z');
  await ada.track(appointmentRescheduled, at('2026-03-09T15:30:00+01:00'));
  await ada.forward('30 days');
  expect(sentTo(ada)).toEqual(['tomorrow: 2026-03-09T14:00:00.000Z']);
});

test('rescheduled twice in a second: the later one counts, also if it arrives first', async () => {
  const ada = person();
  await ada.track(appointmentBooked, at('2026-03-10T15:00:00+01:00'));
  await ada.forward('1 hour');
  await ada.track(appointmentRescheduled, at('2026-03-12T15:00:00+01:00'));
  await ada.track(appointmentRescheduled, at('2026-03-11T15:00:00+01:00'), { ago: '1 second' });
  await ada.forward('30 days');
  expect(sentTo(ada)).toEqual(['tomorrow: 2026-03-11T14:00:00.000Z', 'in an hour: 2026-03-12T13:00:00.000Z']);
});

test('cancelled: stops, and what is held overnight is withdrawn', async () => {
  const ada = person();
  await ada.track(appointmentBooked, at('2026-03-10T23:30:00+01:00'));
  await ada.forwardTo('2026-03-09T23:00:00Z');
  expect(ada.held).toMatchObject([{ step: 'tomorrow', reason: 'quiet hours' }]);
  await ada.track(appointmentCancelled, { appointment: 'T-7' });
  await ada.forward('30 days');
  expect(ada.messages).toEqual([]);
});

test('booked 30 minutes before: only what is still ahead, which is nothing', async () => {
  const ada = person();
  await ada.track(appointmentBooked, at('2026-03-01T13:30:00+01:00'));
  await ada.forward('30 days');
  expect(ada.messages).toEqual([]);
});

test('booked three hours before: one hour before', async () => {
  const ada = person();
  await ada.track(appointmentBooked, at('2026-03-01T16:00:00+01:00'));
  await ada.forward('30 days');
  expect(sentTo(ada)).toEqual(['in an hour: 2026-03-01T14:00:00.000Z']);
});

test('zone of the place, not of the person: the mails tell the time in Berlin, as the person writes it', async () => {
  const ada = person('2026-03-01T12:00:00Z', 'America/New_York');
  await ada.track(appointmentBooked, at('2026-03-10T20:00:00Z'));
  await ada.forward('30 days');
  expect(sentTo(ada)).toEqual(['tomorrow: 2026-03-09T20:00:00.000Z', 'in an hour: 2026-03-10T19:00:00.000Z']);
  expect(ada.mailbox.map(({ text }) => text)).toEqual([
    expect.stringMatching(/is on Tuesday, March 10, 2026 at 9:00\sPM, by the clock there/),
    expect.stringMatching(/is at 9:00\sPM\./),
  ]);
});

test('DST night between booking and appointment: one hour before is an hour before', async () => {
  const ada = person('2026-03-28T09:00:00Z');
  await ada.track(appointmentBooked, at('2026-03-29T10:00:00+02:00'));
  await ada.track(appointmentBooked, { ...at('2026-03-30T10:00:00+02:00'), appointment: 'T-8' });
  await ada.forward('30 days');
  expect(sentTo(ada)).toEqual([
    'in an hour: 2026-03-29T07:00:00.000Z',
    'tomorrow: 2026-03-29T08:00:00.000Z',
    'in an hour: 2026-03-30T07:00:00.000Z',
  ]);
});

test('quiet hours do not move "one hour before" past the appointment', async () => {
  const ada = person();
  await ada.track(appointmentBooked, at('2026-03-10T06:00:00+01:00'));
  await ada.forward('30 days');
  expect(sentTo(ada)).toEqual(['tomorrow: 2026-03-09T07:00:00.000Z', 'in an hour: 2026-03-10T04:00:00.000Z']);
});

test('one hour before is exact to the second, however often it is rescheduled', async () => {
  const minutes = fc.integer({ min: 0, max: 60 * 24 * 10 });
  const moves = fc.array(fc.record({ after: minutes, ahead: minutes, second: fc.nat(59) }), {
    minLength: 1,
    maxLength: 5,
  });
  await fc.assert(
    fc.asyncProperty(moves, async (list) => {
      const ada = person();
      let starts = 0;
      for (const { after, ahead, second } of list) {
        await ada.forward(`${after} minutes`);
        starts = ada.now + ahead * 60_000 + second * 1000;
        await ada.track(appointmentRescheduled, at(new Date(starts).toISOString()));
      }
      const moved = ada.now;
      await ada.forward('20 days');
      const last = ada.messages.filter(({ step, decidedAt }) => step === 'in an hour' && decidedAt >= moved);
      expect(last.map(({ decidedAt }) => decidedAt)).toEqual(starts - 3_600_000 >= moved ? [starts - 3_600_000] : []);
    }),
    { numRuns: 100 },
  );
});
