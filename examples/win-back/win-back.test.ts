import { clicked } from 'sojourn';
import { traveller, type Traveller, type TravellerOptions } from 'sojourn/testing';
import { mailClicked, pushTapped, trained } from '../events';
import policy from '../policy';
import winBack from './journey';

const CARD = { message: 'm', journey: 'welcome', step: 'hello' };

/** A person who reacted on push twice, at 18:30 and 19:15, and on a mail once, at 08:10. It was on the days up to 7 January. */
async function reacted(options: TravellerOptions = {}): Promise<Traveller> {
  const ada = traveller(winBack, { with: { policy }, ...options });
  for (const [instant, reaction] of [
    ['2026-01-05T18:30:00Z', pushTapped],
    ['2026-01-06T08:10:00Z', mailClicked],
    ['2026-01-07T19:15:00Z', pushTapped],
  ] as const) {
    await ada.forwardTo(instant);
    await ada.track(reaction, {});
  }
  return ada;
}

const course = (ada: Traveller): string[] =>
  ada.messages.map(({ channel, decidedAt }) => `${channel} ${new Date(decidedAt).toISOString().slice(0, 16)}`);

test('after 60 days without anything it takes the best channel at its hour, and after a week each another one', async () => {
  const ada = await reacted();
  await ada.forwardTo('2026-03-08T19:14:00Z');
  expect(course(ada)).toEqual([]);
  await ada.forward('30 days');
  expect(course(ada)).toEqual(['webPush 2026-03-09T19:15', 'email 2026-03-17T08:10', 'inApp 2026-03-24T10:00']);
});

test('after three it is quiet for half a year, also if the person comes back and leaves again', async () => {
  const ada = await reacted();
  await ada.forwardTo('2026-04-01T00:00:00Z');
  expect(ada.runs).toMatchObject([{ status: 'exited', reason: 'did not come back' }]);
  await ada.track(trained, {});
  await ada.forwardTo('2026-09-19T00:00:00Z');
  expect(ada.messages).toHaveLength(3);
  await ada.track(trained, {});
  await ada.forward('62 days');
  expect(ada.messages).toHaveLength(4);
});

test('comes back by itself an hour before: nothing', async () => {
  const ada = await reacted();
  await ada.forwardTo('2026-03-09T18:15:00Z');
  await ada.track(trained, {});
  await ada.forward('50 days');
  expect(course(ada)).toEqual([]);
  expect(ada.runs).toMatchObject([{ status: 'completed', reason: 'goal' }]);
});

test('reacted on no channel ever: mail at ten', async () => {
  const ada = traveller(winBack, { with: { policy }, timezone: 'Europe/Berlin' });
  await ada.track(trained, {});
  await ada.forward('62 days');
  expect(course(ada)).toEqual(['email 2026-03-07T09:00']);
});

test('the hour is that of the person’s own clock, and a click in the app counts', async () => {
  const ada = traveller(winBack, { with: { policy }, timezone: 'Europe/Berlin', at: '2026-01-05T15:20:00Z' });
  await ada.track(clicked, CARD);
  await ada.forward('62 days');
  expect(course(ada)).toEqual(['inApp 2026-03-07T15:20']);
});

test('unsubscribed from mail: no mail, and no other channel gets it instead', async () => {
  const ada = await reacted({ consent: { email: false } });
  await ada.forward('100 days');
  expect(course(ada)).toEqual(['webPush 2026-03-09T19:15', 'inApp 2026-03-24T10:00']);
  expect(ada.suppressed).toMatchObject([{ channel: 'email', cause: 'consent', transactional: false }]);
});
