import { clicked } from '../authoring/message-events';
import { bounced, delivered, opened, replied } from '../authoring/receipt-events';
import { anyOf } from '../authoring/event';
import { journey } from '../authoring/journey';
import { fingerprint } from '../outline/compile';
import { signedUp, unrestrained } from '../testing/properties/catalogue';
import { traveller } from '../testing/traveller';

const follows = journey('follows', { enter: signedUp }, async (j) => {
  await j.send('welcome', { email: 'welcome' });
  await j.send('offer', { email: 'offer' });
  const read = await j.waitFor('read', opened('offer'), { within: '2 days' });
  await j.award('done', { badge: read ? 'read' : 'unread' });
});

it('a wait for what became of a step is met by that step alone', async () => {
  const ada = traveller(follows, { with: unrestrained });
  await ada.track(signedUp, { plan: 'free' });
  await ada.receipt('welcome', opened);
  await ada.receipt('offer', delivered);
  expect(ada.profile.badges).toEqual([]);
  await ada.receipt('offer', opened);
  expect(ada.profile.badges).toEqual(['read']);
});

it('nobody opens it: the wait ends in time', async () => {
  const ada = traveller(follows, { with: unrestrained });
  await ada.track(signedUp, { plan: 'free' });
  await ada.forward('3 days');
  expect(ada.profile.badges).toEqual(['unread']);
});

it('an event without a step means messages of any step', async () => {
  const any = journey('any', { enter: signedUp }, async (j) => {
    await j.send('welcome', { email: 'welcome' });
    const first = await j.waitFor('first', anyOf(bounced, replied, clicked), { within: '2 days' });
    await j.award('done', { badge: first?.name ?? 'none' });
  });
  const ada = traveller(any, { with: unrestrained });
  await ada.track(signedUp, { plan: 'free' });
  await ada.receipt('welcome', bounced, { permanent: true });
  expect(ada.profile.badges).toEqual(['Message Bounced']);
});

it('a receipt lets people enter, of messages of any journey', async () => {
  const greets = journey('greets', { enter: signedUp }, async (j) => {
    await j.send('welcome', { email: 'welcome' });
  });
  const returned = journey('returned', { enter: bounced.where({ permanent: true }) }, async (j) => {
    await j.award('noted', { badge: j.event.properties.step });
  });
  const ada = traveller([greets, returned], { with: unrestrained });
  await ada.track(signedUp, { plan: 'free' });
  await ada.receipt('welcome', bounced, { permanent: false });
  expect(ada.profile.badges).toEqual([]);
  await ada.receipt('welcome', bounced, { permanent: true });
  expect(ada.profile.badges).toEqual(['welcome']);
});

it('two events, and two steps, make two fingerprints', () => {
  const some = [opened, delivered, opened('a'), opened('b'), clicked, clicked('a')];
  expect(new Set(some.map(fingerprint)).size).toBe(some.length);
});

it('a receipt of a message that did not go out is an error of the test', async () => {
  const ada = traveller(follows, { with: unrestrained });
  await expect(ada.receipt('welcome', opened)).rejects.toThrow("No message of step 'welcome' went out");
});
