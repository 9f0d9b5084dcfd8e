import { journey } from 'sojourn';
import { traveller } from 'sojourn/testing';
import { accountDeleted, projectCreated, signedUp, teammateInvited } from '../events';
import lifecycle from '../lifecycle';
import policy from '../policy';
import onboarding from './journey';

/*
 * A traveller is one person in virtual time. `track` is something they do, `forward` lets time pass, and then one looks at
 * what went out (`messages`), what is held back (`held`), and why (`why`). It is the engine of production, policy included.
 */
const rules = { lifecycle, policy };

test('signing up is answered at once: a mail, and a card in the app', async () => {
  const ada = traveller(onboarding, { with: rules });
  await ada.track(signedUp, { plan: 'free' });

  expect(ada.messages).toMatchObject([
    { step: 'welcome', channel: 'email', template: 'welcome', decidedAt: ada.now },
    { step: 'card: signed up', channel: 'inApp', template: 'getting-started', data: { done: 1 } },
  ]);
  expect(ada.stage).toBe('onboarding');
  expect(ada.why('first project')).toBe("'first project' waits for Project Created, 2 d to go");
});

test('the card moves with each small step, and the last one is worth points and a badge', async () => {
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

test('small steps done in another order count as well', async () => {
  const ada = traveller(onboarding, { with: rules });
  await ada.track(signedUp, { plan: 'free' });
  await ada.track(teammateInvited, {});
  expect(ada.profile.points).toBe(0);
  await ada.track(projectCreated, { name: 'Engine' });
  expect(ada.profile.points).toBe(50);
});

describe('who has no project after two days', () => {
  test('gets one nudge, in one of two tones, the same for the same person each time', async () => {
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

  test('gets it by mail where there is no push', async () => {
    const ada = traveller(onboarding, { channels: ['email', 'inApp'], with: rules });
    await ada.track(signedUp, { plan: 'free' });
    await ada.forward('48 hours');
    expect(ada.messages.at(-1)).toMatchObject({ step: 'nudge', channel: 'email' });
    expect(ada.why('nudge')).toContain('"webPush":"no address"');
  });

  test('and still has none after 14 days is not activated: the run ends and nothing more is sent', async () => {
    const ada = traveller(onboarding, { with: rules });
    await ada.track(signedUp, { plan: 'free' });
    await ada.forward('15 days');
    expect(ada.runs).toMatchObject([{ status: 'exited', reason: 'not activated', goalAt: null }]);

    await ada.track(projectCreated, { name: 'Late' });
    await ada.forward('60 days');
    expect(ada.messages.map(({ step }) => step)).toEqual(['welcome', 'card: signed up', 'nudge']);
  });
});

test('at night the welcome goes out and the nudge waits until eight in the morning, where the person lives', async () => {
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

test('deleting the account ends it at once: even a nudge that only waits for the morning is not sent', async () => {
  const ada = traveller(onboarding, { at: '2026-01-05T23:00:00Z', with: rules });
  await ada.track(signedUp, { plan: 'free' });
  await ada.forward('48 hours');
  expect(ada.held).toHaveLength(1);

  await ada.track(accountDeleted, {});
  await ada.forward('30 days');
  expect(ada.runs).toMatchObject([{ status: 'exited', reason: 'Account Deleted' }]);
  expect(ada.messages.map(({ step }) => step)).toEqual(['welcome', 'card: signed up']);
});

test('signing up a second time is not a second onboarding', async () => {
  const ada = traveller(onboarding, { with: rules });
  await ada.track(signedUp, { plan: 'free' });
  await ada.track(signedUp, { plan: 'team' });
  expect(ada.messages.filter(({ step }) => step === 'welcome')).toHaveLength(1);
});

test('an edit reaches people on the way: a shortened wait that is overdue ends now, and nothing is sent twice', async () => {
  const shorter = journey('onboarding', { enter: signedUp }, async (j) => {
    await j.send('welcome', { email: 'welcome' }, { transactional: true });
    await j.send('video', { email: 'video' }); // New, but behind where Ada is: she has been welcomed before it was thought of.
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
