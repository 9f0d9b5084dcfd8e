import { z } from 'zod';
import { activity, event, inactivity, journey } from 'sojourn';
import { traveller, type Traveller, type TravellerOptions } from 'sojourn/testing';
import { accountDeleted, projectCreated, signedUp } from '../events';
import lifecycle from '../lifecycle';
import policy from '../policy';
import onboarding from '../onboarding/journey';
import winBack from '../win-back/journey';
import dormancy from './journey';

/** A person past onboarding who has just created a project. From here on they are silent. */
async function active(options: TravellerOptions = {}): Promise<Traveller> {
  const ada = traveller(dormancy, { with: { lifecycle, policy }, ...options });
  await ada.track(signedUp, { plan: 'free' });
  await ada.track(projectCreated, { name: 'Engine' });
  return ada;
}

test('a nudge is sent after two days of silence, a stronger message after two weeks, and nothing more', async () => {
  const ada = await active({ at: '2026-01-05T12:00:00Z' });
  await ada.forward('20 days');
  expect(ada.messages).toMatchObject([
    { step: 'nudge', channel: 'webPush', decidedAt: Date.parse('2026-01-07T12:00:00Z') },
    { step: 'we miss you', channel: 'email', decidedAt: Date.parse('2026-01-19T12:00:00Z') },
  ]);
  expect(ada.runs).toMatchObject([{ status: 'completed' }]);
});

test('a person who is active every day gets no message', async () => {
  const ada = await active();
  for (let day = 0; day < 30; day++) {
    await ada.forward('1 day');
    await ada.track(projectCreated, { name: 'Engine' });
  }
  expect(ada.messages).toEqual([]);
  expect(ada.runs).toEqual([]);
});

test('the run ends at once when the person comes back', async () => {
  const ada = await active();
  await ada.forward('3 days');
  expect(ada.why('two weeks of silence')).toBe("'two weeks of silence' waits for 12 days, 11 d to go");

  await ada.track(projectCreated, { name: 'Back again' });
  expect(ada.runs).toMatchObject([{ status: 'exited' }]);
  await ada.forward('1 day');
  expect(ada.messages.map(({ step }) => step)).toEqual(['nudge']);
});

test('a nudge due at night waits for the morning, and is not sent if the person comes back first', async () => {
  // The two days of silence end at 23:30 in Berlin.
  const night = { timezone: 'Europe/Berlin', at: '2026-01-05T22:30:00Z' };
  const ada = await active(night);
  await ada.forward('60 hours');
  expect(ada.messages).toMatchObject([{ step: 'nudge', decidedAt: Date.parse('2026-01-08T07:00:00Z') }]);

  const bob = await active(night);
  await bob.forward('50 hours');
  expect(bob.why('nudge')).toContain("'nudge' waits for quiet hours");
  await bob.track(projectCreated, { name: 'Night shift' });
  await bob.forward('10 hours');
  expect(bob.messages).toEqual([]);
});

test('a person enters at most once in 14 days, however often they come and go', async () => {
  const ada = await active({ at: '2026-01-05T12:00:00Z' });
  for (let times = 0; times < 9; times++) {
    await ada.forward('3 days');
    await ada.track(projectCreated, { name: 'Engine' });
  }
  // The first run starts on day 2, so the next may start from day 16 on. The silence that begins on day 15 is two days old on
  // day 17.
  expect(ada.runs.map(({ enteredAt }) => new Date(enteredAt).toISOString())).toEqual([
    '2026-01-07T12:00:00.000Z',
    '2026-01-22T12:00:00.000Z',
  ]);
});

describe('which journey writes to a silent person', () => {
  test('during onboarding, onboarding sends the nudge on day 2 and dormancy the message on day 14', async () => {
    const ada = traveller([onboarding, dormancy, winBack], { with: { lifecycle, policy } });
    await ada.track(signedUp, { plan: 'free' });
    await ada.forward('20 days');
    expect(ada.messages.map(({ journey: from, step }) => `${from}: ${step}`)).toEqual([
      'onboarding: welcome',
      'onboarding: card: signed up',
      'onboarding: nudge',
      'dormancy: we miss you',
    ]);
    expect(ada.why('past onboarding')).toBe('\'past onboarding\' done: no {"stage":"onboarding"}');
  });

  test('from day 21 on only win-back sends messages, even if an earlier run delayed the nudge', async () => {
    const ada = traveller([dormancy, winBack], { with: { lifecycle, policy } });
    await ada.track(signedUp, { plan: 'free' });
    await ada.track(projectCreated, { name: 'Engine' });
    await ada.forward('3 days');
    await ada.track(projectCreated, { name: 'Engine' });
    await ada.forward('40 days');

    expect(ada.messages.filter(({ journey: from }) => from === 'dormancy').map(({ step }) => step)).toEqual([
      'nudge',
      'nudge',
    ]);
    expect(ada.why('not dormant yet')).toBe('\'not dormant yet\' done: no {"stage":"dormant"}');
  });

  test('visitors who never signed up and people who deleted their account get no message', async () => {
    const visitor = traveller(dormancy, { with: { lifecycle, policy } });
    await visitor.track(event('Page Viewed', z.object({}), {}), {});
    await visitor.forward('60 days');
    expect(visitor.messages).toEqual([]);
    expect(visitor.why('in a stage we nudge')).toContain('{"stage":"new"}');

    const ada = await active();
    await ada.track(accountDeleted, {});
    await ada.forward('60 days');
    expect(ada.stage).toBe('deleted');
    expect(ada.messages).toEqual([]);
  });
});

test('an edit that lengthens a wait counts from when the wait began', async () => {
  const later = journey(
    'dormancy',
    { enter: inactivity('48 hours'), reenter: { after: '14 days' }, exit: [activity] },
    async (j) => {
      await j.send('nudge', { webPush: 'nudge', email: 'nudge' });
      await j.sleep('two weeks of silence', '15 days');
      await j.send('we miss you', { email: 'we-miss-you' });
    },
  );
  const ada = await active({ at: '2026-01-05T12:00:00Z' });
  await ada.forward('10 days');
  await ada.deploy(later);
  await ada.forward('10 days');
  expect(ada.messages).toMatchObject([
    { step: 'nudge', decidedAt: Date.parse('2026-01-07T12:00:00Z') },
    { step: 'we miss you', decidedAt: Date.parse('2026-01-22T12:00:00Z') },
  ]);
});
