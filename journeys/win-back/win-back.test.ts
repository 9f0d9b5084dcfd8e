import { journey, stage } from 'sojourn';
import { traveller, type Traveller, type TravellerOptions } from 'sojourn/testing';
import { accountDeleted, projectCreated, signedUp } from '../events';
import lifecycle from '../lifecycle';
import policy from '../policy';
import winBack from './journey';

/** A person who was active and has been silent for 21 days. */
async function dormant(options: TravellerOptions = {}): Promise<Traveller> {
  const ada = traveller(winBack, { with: { lifecycle, policy }, ...options });
  await ada.track(signedUp, { plan: 'free' });
  await ada.track(projectCreated, { name: 'Engine' });
  await ada.forward('21 days');
  return ada;
}

test('a dormant person gets three messages: in the app, by push, and by mail in the morning', async () => {
  const ada = await dormant({ timezone: 'Europe/Berlin', at: '2026-01-05T12:00:00Z' });
  expect(ada.stage).toBe('dormant');
  await ada.forward('30 days');
  expect(ada.messages.map(({ channel, decidedAt }) => [channel, new Date(decidedAt).toISOString()])).toEqual([
    ['inApp', '2026-01-26T12:00:00.000Z'],
    ['webPush', '2026-01-30T12:00:00.000Z'],
    ['email', '2026-02-07T09:00:00.000Z'], // ten o'clock in Berlin
  ]);
});

test('after 30 days without activity the person is churned, and nothing more is sent', async () => {
  const ada = await dormant();
  await ada.forward('29 days');
  expect(ada.stage).toBe('dormant');
  await ada.forward('1 day');
  expect(ada.stage).toBe('churned');

  const sent = ada.messages.length;
  await ada.forward('300 days');
  expect(ada.messages).toHaveLength(sent);
  expect(ada.runs).toMatchObject([{ status: 'exited', reason: 'did not come back', goalAt: null }]);
});

test('any activity reaches the goal, ends the run at once and wins the person back', async () => {
  const ada = await dormant();
  await ada.forward('5 days');
  await ada.track(projectCreated, { name: 'Back again' });
  expect(ada.stage).toBe('won back');
  expect(ada.runs).toMatchObject([{ status: 'completed', reason: 'goal', goalAt: ada.now }]);
  await ada.forward('15 days');
  expect(ada.messages.map(({ step }) => step)).toEqual(['in the app', 'by push']);
});

test('a push on hold until morning is not sent if the person comes back in the night', async () => {
  const ada = await dormant({ at: '2026-01-05T23:00:00Z' });
  await ada.forward('4 days');
  expect(ada.why('by push')).toContain("'by push' waits for quiet hours, 9 h to go");
  await ada.track(projectCreated, { name: 'Night shift' });
  await ada.forward('12 hours');
  expect(ada.messages.map(({ step }) => step)).toEqual(['in the app']);
});

test('a churned person who comes back is won back, and active again after 30 days', async () => {
  const ada = await dormant();
  await ada.forward('100 days');
  await ada.track(projectCreated, { name: 'Hello again' });
  expect(ada.stage).toBe('won back');
  for (let week = 0; week < 5; week++) {
    await ada.forward('1 week');
    await ada.track(projectCreated, { name: 'Engine' });
  }
  expect(ada.stage).toBe('active');
});

test('a person does not enter again within 90 days', async () => {
  const ada = await dormant();
  await ada.track(projectCreated, { name: 'A short visit' });
  await ada.forward('22 days');
  expect(ada.stage).toBe('dormant');
  expect(ada.runs).toHaveLength(1);
  expect(ada.decisions.at(-1)).toMatchObject({ journey: 'win-back', what: 'not entered', reason: 'entered before' });
});

test('a person who deletes their account gets no more messages, whatever their client still sends', async () => {
  const ada = await dormant();
  await ada.track(accountDeleted, {});
  expect(ada.stage).toBe('deleted');
  expect(ada.runs).toMatchObject([{ status: 'exited', reason: 'Account Deleted', goalAt: null }]);
  await ada.track(projectCreated, { name: 'Flushed on the way out' });
  await ada.forward('200 days');
  expect(ada.stage).toBe('deleted');
  expect(ada.messages.map(({ step }) => step)).toEqual(['in the app']);
});

test('an edit that deletes the step a person waits at moves them on', async () => {
  const impatient = journey('win-back', { enter: stage('dormant') }, async (j) => {
    await j.send('in the app', { inApp: 'welcome-back' });
    await j.send('by mail', { email: 'come-back' });
  });
  const ada = await dormant();
  await ada.forward('1 day');
  await ada.deploy(impatient);
  expect(ada.messages).toMatchObject([{ step: 'in the app' }, { step: 'by mail', decidedAt: ada.now }]);
  expect(ada.why('four days')).toBe("'four days' skipped: removed from the journey");
});
