import { travellers } from 'sojourn/testing';
import { accountDeleted, invitationAccepted, projectCreated, signedUp } from '../events';
import reward from '../invite-reward/journey';
import lifecycle from '../lifecycle';
import policy from '../policy';
import invite from './journey';

const people = () =>
  travellers([invite, reward], { id: 'ada', with: { lifecycle, policy } }, { id: 'bob' }, { id: 'eve' });
const FROM_ADA = { token: 'I-3', by: 'ada' };

test('Bob joins and makes his first project within 14 days: both get credit and a message', async () => {
  const [ada, bob] = people();
  await bob.track(invitationAccepted, FROM_ADA);
  await bob.forward('3 days');
  expect(ada.profile.points).toBe(0);
  await bob.track(projectCreated, {});
  for (const person of [ada, bob]) {
    expect(person.profile.points).toBe(100);
    expect(person.messages).toMatchObject([{ step: 'thanks', template: 'credit', decidedAt: ada.now }]);
  }
});

test('Bob joins by another address: the token counts', async () => {
  const [ada, bob] = people();
  await bob.identify({ email: 'bob@elsewhere.example' });
  await bob.track(invitationAccepted, FROM_ADA);
  await bob.track(projectCreated, {});
  expect(ada.profile.points).toBe(100);
});

test('two people invited Bob: the first invitation he accepts counts', async () => {
  const [ada, bob, eve] = people();
  await bob.track(invitationAccepted, FROM_ADA);
  await bob.track(invitationAccepted, { token: 'I-4', by: 'eve' });
  await bob.track(projectCreated, {});
  await bob.forward('30 days');
  expect([ada, bob, eve].map(({ profile }) => profile.points)).toEqual([100, 100, 0]);
});

test('Bob joins, never a project: Ada hears nothing, Bob is nudged once', async () => {
  const [ada, bob] = people();
  await bob.track(invitationAccepted, FROM_ADA);
  await bob.forward('60 days');
  expect(ada.runs).toEqual([]);
  expect(bob.messages.map(({ step }) => step)).toEqual(['nudge']);
});

test('a project on day 15: no credit', async () => {
  const [ada, bob] = people();
  await bob.track(invitationAccepted, FROM_ADA);
  await bob.forward('15 days');
  await bob.track(projectCreated, {});
  expect([ada, bob].map(({ profile }) => profile.points)).toEqual([0, 0]);
});

test('Ada deleted meanwhile: Bob gets his, Ada gets nothing', async () => {
  const [ada, bob] = people();
  await ada.track(signedUp, {});
  await bob.track(invitationAccepted, FROM_ADA);
  await ada.track(accountDeleted, {});
  await bob.track(projectCreated, {});
  await bob.forward('30 days');
  expect([ada.profile.points, bob.profile.points]).toEqual([0, 100]);
  expect(ada.messages).toEqual([]);
});

test('twice the same event: one credit each', async () => {
  const [ada, bob] = people();
  for (const _ of [1, 2]) {
    await bob.track(invitationAccepted, FROM_ADA);
    await bob.track(projectCreated, {});
  }
  await bob.forward('30 days');
  expect([ada.profile.points, bob.profile.points]).toEqual([100, 100]);
  expect([ada.messages.length, bob.messages.length]).toEqual([1, 1]);
});
