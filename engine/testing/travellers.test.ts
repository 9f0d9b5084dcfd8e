import { z } from 'zod';
import { event } from '../authoring/event';
import { journey } from '../authoring/journey';
import { every } from '../user/triggers';
import { traveller, travellers } from './traveller';

const joined = event('Joined', z.object({ by: z.string() }), { by: 'ada' });
const accepted = event('Invite Accepted', z.object({ name: z.string() }), { name: 'Bob' });
const thanked = event('Thanked', z.object({}), {});

const invite = journey('invite', { enter: joined, reenter: 'always' }, async (j) => {
  await j.sleep('a day', '24 hours');
  await j.track('tell the inviter', { userId: j.event.properties.by }, accepted, { name: 'Bob' });
  if (await j.waitFor('thanks', thanked, { within: '7 days' })) await j.send('welcome', { email: 'thanks' });
});
const reward = journey('reward', { enter: accepted, reenter: 'always' }, async (j) => {
  await j.call('credit', async () => 'credit');
  await j.send('your credit', { email: 'credit' }, { data: { name: j.event.properties.name } });
  await j.track('thank', { userId: 'bob' }, thanked, {});
});
const digest = journey('digest', { enter: every({ at: '09:00' }), reenter: 'always' }, async (j) => {
  await j.send('digest', { email: 'digest' });
});

const BEGIN = Date.parse('2026-01-05T12:00:00Z');
const DAY = 86_400_000;

it('what a journey tracks for another traveller reaches them at once, and what theirs tracks comes back', async () => {
  const [ada, bob] = travellers([invite, reward], { id: 'ada' }, { id: 'bob' });
  await bob.track(joined, { by: 'ada' });
  await bob.forward('24 hours');
  expect(ada.messages).toMatchObject([{ step: 'your credit', decidedAt: BEGIN + DAY, data: { name: 'Bob' } }]);
  expect(bob.messages).toMatchObject([{ step: 'welcome', decidedAt: BEGIN + DAY }]);

  await ada.forward('30 days');
  expect([ada.messages.length, bob.messages.length]).toEqual([1, 1]);
});

it('time passes for all when it passes for one, in order', async () => {
  const order: string[] = [];
  const noted = journey('noted', { enter: every({ at: '09:00' }), reenter: 'always' }, async (j) => {
    await j.call('note', async ({ user }) => order.push(user.id));
  });
  const [ada, bob, eve] = travellers(
    noted,
    { id: 'ada', timezone: 'America/New_York', at: '2026-01-05T00:00:00Z' },
    { id: 'bob', timezone: 'Asia/Tokyo' },
    { id: 'eve', timezone: 'Europe/Berlin' },
  );
  await bob.forwardTo('2026-01-06T00:30:00Z');
  expect(order).toEqual(['eve', 'ada', 'bob']);
  expect([ada.now, eve.now]).toEqual([bob.now, bob.now]);
});

it('the rules and the stand-ins for calls hold for all, and what is known of a person for that person only', async () => {
  const [ada, bob] = travellers(
    invite,
    { id: 'ada', with: { journeys: [reward] }, calls: { credit: async () => 'stand-in' }, channels: [] },
    { id: 'bob' },
  );
  await ada.track(joined, { by: 'bob' });
  await bob.forward('24 hours');
  expect(bob.journal[0]).toMatchObject({ step: 'credit', outcome: 'stand-in' });
  expect(bob.messages).toMatchObject([{ step: 'your credit' }]);

  await bob.track(joined, { by: 'ada' });
  await bob.forward('24 hours');
  expect(ada.suppressed).toMatchObject([{ step: 'your credit' }]);
});

it('a deploy is for all', async () => {
  const [ada, bob] = travellers(invite, { id: 'ada' }, { id: 'bob' });
  await bob.deploy([invite, digest]);
  await bob.forward('24 hours');
  expect([ada.messages, bob.messages]).toMatchObject([[{ step: 'digest' }], [{ step: 'digest' }]]);
});

it('a person among others decides as one alone', async () => {
  const options = { id: 'ada', timezone: 'Europe/Berlin' };
  const [ada] = travellers([invite, reward, digest], options, { id: 'bob' }, { id: 'eve' });
  const alone = traveller([invite, reward, digest], options);
  for (const one of [ada, alone]) {
    await one.track(joined, { by: 'ada' });
    await one.forward('40 days');
  }
  expect(ada.decisions).toEqual(alone.decisions);
  expect(ada.messages).toEqual(alone.messages);
});

it('an event for somebody else reaches nobody, and is listed', async () => {
  const [ada, bob] = travellers([invite, reward], { id: 'ada' }, { id: 'bob' });
  await bob.track(joined, { by: 'stranger' });
  await bob.forward('2 days');
  expect(ada.runs).toEqual([]);
  expect(bob.tracked).toMatchObject([{ userId: 'stranger', name: 'Invite Accepted' }]);
});

it('two with the same id are refused', () => {
  expect(() => travellers(invite, { id: 'ada' }, { id: 'ada' })).toThrow(
    "Two travellers have the id 'ada'. Expected an id of their own for each.",
  );
});

it('an option that holds for everyone is refused with a further person', () => {
  const further = { id: 'bob', calls: {} } as { readonly id: string };
  expect(() => travellers(invite, { id: 'ada' }, further)).toThrow(
    "'calls' of a further traveller: expected it with the first, from where it holds for everyone.",
  );
});

it('people of one company know the same of it, and its members and their events are counted', async () => {
  const opened = event('App Opened', z.object({}), {});
  const asking = journey('asking', { enter: opened }, async (j) => {
    await j.pick('company', ({ group, did }) => [
      group().traits['seats'] ?? null,
      group()
        .members.list()
        .map(({ id }) => id)
        .sort(),
      did(thanked).of('company').count(),
    ]);
  });
  const [ada, bob, cy] = travellers(asking, { id: 'ada' }, { id: 'bob' }, { id: 'cy' });
  await ada.group('acme', { seats: 5 });
  await bob.group('acme', { plan: 'pro' });
  await cy.group('acme', { seats: 60 });
  await cy.group('umbrella');
  for (const one of [bob, bob, cy]) await one.track(thanked, {});
  for (const one of [ada, bob, cy]) await one.track(opened, {});
  const atAcme = { outcome: [60, ['ada', 'bob'], 2] };
  expect([ada.journal, bob.journal, cy.journal]).toMatchObject([[atAcme], [atAcme], [{ outcome: [null, ['cy'], 1] }]]);
});
