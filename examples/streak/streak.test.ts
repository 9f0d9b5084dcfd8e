import { traveller, type Traveller } from 'sojourn/testing';
import { trained } from '../events';
import policy from '../policy';
import streak from './journey';

const rules = { policy };

/** A person who trains at this time and on the days that follow. */
async function trainedFor(days: number, ada: Traveller): Promise<Traveller> {
  for (let day = 1; day <= days; day++) {
    await ada.track(trained, {});
    if (day < days) await ada.forward('24 hours');
  }
  return ada;
}

test('badges come at 3, 7 and 30 consecutive days', async () => {
  const ada = traveller(streak, { with: rules });
  await trainedFor(2, ada);
  expect(ada.profile.badges).toEqual([]);
  await ada.forward('24 hours');
  await trainedFor(1, ada);
  expect(ada.profile.badges).toEqual(['3 days running']);
  await ada.forward('24 hours');
  await trainedFor(4, ada);
  expect(ada.profile.badges).toEqual(['3 days running', '7 days running']);
  await ada.forward('24 hours');
  await trainedFor(23, ada);
  expect(ada.profile.badges).toEqual(['3 days running', '7 days running', '30 days running']);
});

test('two sessions a day count once', async () => {
  const ada = traveller(streak, { with: rules });
  for (const pause of ['2 hours', '22 hours', '2 hours'] as const) {
    await ada.track(trained, {});
    await ada.forward(pause);
  }
  await ada.track(trained, {});
  expect(ada.profile.badges).toEqual([]);
});

test('the day ends at midnight in the person’s zone', async () => {
  // In New York it is 23:30 on the 5th, 22:30 on the 6th and 00:30 on the 8th: the 7th is missing.
  for (const [last, badges] of [
    ['2026-01-08T04:30:00Z', ['3 days running']],
    ['2026-01-08T05:30:00Z', []],
  ] as const) {
    const ada = traveller(streak, { with: rules, timezone: 'America/New_York', at: '2026-01-06T04:30:00Z' });
    await ada.track(trained, {});
    await ada.forwardTo('2026-01-07T03:30:00Z');
    await ada.track(trained, {});
    await ada.forwardTo(last);
    await ada.track(trained, {});
    expect(ada.profile.badges).toEqual(badges);
  }
});

test('a flight over the date line breaks no streak', async () => {
  const ada = traveller(streak, { with: rules, timezone: 'Asia/Tokyo', at: '2026-01-05T01:00:00Z' });
  await trainedFor(2, ada); // Monday and Tuesday at ten in Tokyo
  await ada.identify({ timezone: 'Pacific/Honolulu' }); // where it is Monday again
  await ada.forwardTo('2026-01-07T04:00:00Z'); // Tuesday, 18:00: on the calendar of Honolulu the third day, from Sunday on
  await ada.track(trained, {});
  expect(ada.profile.badges).toEqual(['3 days running']);
});

test('an event of yesterday that is uploaded today repairs the streak', async () => {
  const ada = traveller(streak, { with: rules });
  await ada.track(trained, {});
  await ada.forward('48 hours');
  await ada.track(trained, {});
  expect(ada.profile.badges).toEqual([]);
  await ada.track(trained, {}, { ago: '24 hours' });
  expect(ada.profile.badges).toEqual(['3 days running']);
});

/** Trains on three days, misses the fourth, and trains on three more. It is the seventh day. */
async function sevenButOne(): Promise<Traveller> {
  const ada = await trainedFor(3, traveller(streak, { with: rules }));
  await ada.forward('48 hours');
  return trainedFor(3, ada);
}

test('a late upload that closes a gap brings the badge of seven days at once', async () => {
  const ada = await sevenButOne();
  expect(ada.profile.badges).toEqual(['3 days running']);
  await ada.track(trained, {}, { ago: '71 hours' });
  expect(ada.profile.badges).toEqual(['3 days running', '7 days running']);
});

test('an upload of a whole week brings the badges of three and seven days', async () => {
  const ada = traveller(streak, { with: rules, at: '2026-03-01T12:00:00Z' });
  for (const days of [6, 5, 4, 3, 2, 1, 0]) await ada.track(trained, {}, { ago: `${days} days` });
  expect(ada.profile.badges).toEqual(['3 days running', '7 days running']);
});

test('an upload of a day two weeks ago repairs the streak too', async () => {
  const ada = await trainedFor(15, traveller(streak, { with: rules }));
  await ada.forward('48 hours');
  await trainedFor(14, ada);
  expect(ada.profile.badges).not.toContain('30 days running');
  await ada.track(trained, {}, { ago: '14 days' });
  expect(ada.profile.badges).toContain('30 days running');
});
