import { journey } from 'sojourn';
import { traveller } from 'sojourn/testing';
import { accountDeleted, projectCreated, signedUp, teammateInvited } from '../events';
import lifecycle from '../lifecycle';
import policy from '../policy';
import onboarding from './journey';

/*
 * A traveller is one person in virtual time. `track` is something they do, and `forward` lets time pass. `messages` lists what
 * was sent, `held` lists what is on hold, and `why` explains a step. The engine is the one used in production, policy included.
 */
const rules = { lifecycle, policy };

test('a sign-up is answered at once with a mail and a card in the app', async () => {
  const ada = traveller(onboarding, { with: rules });
  await ada.track(signedUp, { plan: 'free' });

  expect(ada.messages).toMatchObject([
    { step: 'welcome', channel: 'email', template: 'welcome', decidedAt: ada.now },
    { step: 'card: signed up', channel: 'inApp', template: 'getting-started', data: { done: 1 } },
  ]);
  expect(ada.stage).toBe('onboarding');
  expect(ada.why('first project')).toBe("'first project' waits for Project Created, 2 d to go");
});

test('the card moves with each step, and the last step brings points and a badge', async () => {
  const ada = traveller(onboarding, { with: rules });
  await ada.track(signedUp, { plan: 'free' });
  await ada.forward('1 hour');
  await ada.track(projectCreated, { name: 'Engine' });
  const activatedAt = ada.now;
  await ada.forward('2 days');
  await ada.track(teammateInvited, {});

  const cards = ada.messages.filter(({ template }) => template === 'getting-started');
  expect(cards.map(({ data }) => data['done'])).toEqual([1, 2, 3]);
  expect(ada.profile).toMatchObject({ points: 50, badges: ['Team player'], flags: { activated: true } });
  expect(ada.runs).toMatchObject([{ status: 'completed', goalAt: activatedAt }]);
});

test('steps done in another order count too', async () => {
  const ada = traveller(onboarding, { with: rules });
  await ada.track(signedUp, { plan: 'free' });
  await ada.track(teammateInvited, {});
  expect(ada.profile.points).toBe(0);
  await ada.track(projectCreated, { name: 'Engine' });
  expect(ada.profile.points).toBe(50);
});

describe('a person without a project after two days', () => {
  test('gets one nudge, in one of two tones, always the same for the same person', async () => {
    const nudged = async (id: string) => {
      const person = traveller(onboarding, { id, with: rules });
      await person.track(signedUp, { plan: 'free' });
      await person.forward('60 days');
      return person.messages.filter(({ step }) => step === 'nudge');
    };
    const ada = await nudged('ada');
    expect(ada).toHaveLength(1);
    expect(ada).toMatchObject([{ channel: 'webPush', template: expect.stringMatching(/^nudge-(friendly|brief)$/) }]);
    expect(await nudged('ada')).toEqual(ada);

    const people = await Promise.all(Array.from({ length: 40 }, (_, index) => nudged(`person ${index}`)));
    expect(new Set(people.flat().map(({ template }) => template))).toEqual(new Set(['nudge-friendly', 'nudge-brief']));
  });

  test('gets the nudge by mail if push can’t reach them', async () => {
    const ada = traveller(onboarding, { channels: ['email', 'inApp'], with: rules });
    await ada.track(signedUp, { plan: 'free' });
    await ada.forward('48 hours');
    expect(ada.messages.at(-1)).toMatchObject({ step: 'nudge', channel: 'email' });
    expect(ada.why('nudge')).toContain('"webPush":"no address"');
  });

  test('is not activated if there is still none after 14 days: the run ends and nothing more is sent', async () => {
    const ada = traveller(onboarding, { with: rules });
    await ada.track(signedUp, { plan: 'free' });
    await ada.forward('15 days');
    expect(ada.runs).toMatchObject([{ status: 'exited', reason: 'not activated', goalAt: null }]);

    await ada.track(projectCreated, { name: 'Late' });
    await ada.forward('60 days');
    expect(ada.messages.map(({ step }) => step)).toEqual(['welcome', 'card: signed up', 'nudge']);
  });
});

test('at night the welcome is sent, and the nudge waits until eight in the morning in the person’s zone', async () => {
  // 23:00 in Berlin is 22:00 UTC in winter.
  const ada = traveller(onboarding, { timezone: 'Europe/Berlin', at: '2026-01-05T22:00:00Z', with: rules });
  await ada.track(signedUp, { plan: 'free' });
  expect(ada.messages[0]).toMatchObject({ step: 'welcome', reason: 'transactional' });

  await ada.forward('48 hours');
  expect(ada.held).toMatchObject([{ step: 'nudge', reason: 'quiet hours' }]);
  expect(ada.why('nudge')).toContain("'nudge' waits for quiet hours, 9 h to go");

  await ada.forwardTo('2026-01-08T07:00:00Z');
  expect(ada.messages.at(-1)).toMatchObject({ step: 'nudge', decidedAt: Date.parse('2026-01-08T07:00:00Z') });
});

test('deleting the account ends the run at once, and a nudge on hold until morning is not sent', async () => {
  const ada = traveller(onboarding, { at: '2026-01-05T23:00:00Z', with: rules });
  await ada.track(signedUp, { plan: 'free' });
  await ada.forward('48 hours');
  expect(ada.held).toHaveLength(1);

  await ada.track(accountDeleted, {});
  await ada.forward('30 days');
  expect(ada.runs).toMatchObject([{ status: 'exited', reason: 'Account Deleted' }]);
  expect(ada.messages.map(({ step }) => step)).toEqual(['welcome', 'card: signed up']);
});

test('a second sign-up does not start a second onboarding', async () => {
  const ada = traveller(onboarding, { with: rules });
  await ada.track(signedUp, { plan: 'free' });
  await ada.track(signedUp, { plan: 'team' });
  expect(ada.messages.filter(({ step }) => step === 'welcome')).toHaveLength(1);
});

test('an edit reaches people in the journey: a shortened wait that is overdue ends now, and nothing is sent twice', async () => {
  const shorter = journey('onboarding', { enter: signedUp }, async (j) => {
    await j.send('welcome', { email: 'welcome' }, { transactional: true });
    await j.send('video', { email: 'video' }); // New, but behind Ada's position: she is past the welcome.
    if (await j.waitFor('first project', projectCreated, { within: '12 hours' })) return;
    await j.send('nudge', { webPush: 'nudge-brief' });
  });
  const ada = traveller(onboarding, { with: rules });
  await ada.track(signedUp, { plan: 'free' });
  await ada.forward('20 hours');
  await ada.deploy(shorter);

  expect(ada.messages.map(({ step }) => step)).toEqual(['welcome', 'card: signed up', 'nudge']);
  expect(ada.why('video')).toContain("'video' skipped: behind the position");
});
