import { traveller, type Traveller, type TravellerOptions } from 'sojourn/testing';
import { trained } from '../events';
import policy from '../policy';
import streakReminder from './journey';

/** A person who trained on Monday, Tuesday and Wednesday at noon. */
async function threeDays(options: TravellerOptions = {}): Promise<Traveller> {
  const ada = traveller(streakReminder, { with: { policy }, ...options });
  for (let day = 1; day <= 3; day++) {
    await ada.track(trained, {});
    if (day < 3) await ada.forward('24 hours');
  }
  return ada;
}

const times = (ada: Traveller): string[] => ada.messages.map(({ decidedAt }) => new Date(decidedAt).toISOString());

test('the reminder comes at 20:00 if today is missing after three days', async () => {
  const ada = await threeDays();
  await ada.forwardTo('2026-01-08T19:59:00Z');
  expect(times(ada)).toEqual([]);
  await ada.forwardTo('2026-01-10T00:00:00Z');
  expect(times(ada)).toEqual(['2026-01-08T20:00:00.000Z']);
});

test('nobody is reminded who has trained today', async () => {
  const ada = await threeDays();
  await ada.forward('24 hours');
  await ada.track(trained, {});
  await ada.forwardTo('2026-01-09T00:00:00Z');
  expect(times(ada)).toEqual([]);
});

test('nobody is reminded of two days, however many sessions they had', async () => {
  const ada = traveller(streakReminder, { with: { policy } });
  for (const pause of ['2 hours', '22 hours', '1 hour'] as const) {
    await ada.track(trained, {});
    await ada.forward(pause);
  }
  await ada.track(trained, {});
  await ada.forward('5 days');
  expect(times(ada)).toEqual([]);
});

test('eight in the evening and midnight are those of the person’s zone', async () => {
  const ada = await threeDays({ timezone: 'America/New_York', at: '2026-01-06T04:30:00Z' }); // 23:30 on the day before
  await ada.forwardTo('2026-01-10T00:00:00Z');
  expect(times(ada)).toEqual(['2026-01-09T01:00:00.000Z']);
});

test('who flies over the date line is reminded once on the day that comes twice', async () => {
  const ada = await threeDays({ timezone: 'Asia/Tokyo', at: '2026-01-05T03:00:00Z' });
  await ada.forwardTo('2026-01-08T12:00:00Z'); // Thursday, 21:00 in Tokyo
  await ada.identify({ timezone: 'Pacific/Honolulu' }); // Thursday, 02:00
  await ada.forwardTo('2026-01-09T09:00:00Z'); // Thursday, 23:00
  expect(times(ada)).toEqual(['2026-01-08T11:00:00.000Z']);
});

test('an event of yesterday that is uploaded today repairs the streak', async () => {
  const ada = traveller(streakReminder, { with: { policy } });
  await ada.track(trained, {});
  await ada.forward('24 hours');
  await ada.track(trained, {});
  await ada.forward('48 hours'); // Thursday; Wednesday is missing
  await ada.track(trained, {}, { ago: '24 hours' });
  await ada.forwardTo('2026-01-10T00:00:00Z');
  expect(times(ada)).toEqual(['2026-01-08T20:00:00.000Z']);
});
