import { travellers, type Traveller } from 'sojourn/testing';
import company from '../account-quiet-company/journey';
import { featureUsed } from '../events';
import policy from '../policy';
import accountQuiet from './journey';

const MONDAY = '2026-01-12T09:00:00.000Z';

/** Ada and Bob, who are admins, and Cleo. `chat` has what their owner at ours was told, and when. */
function acme() {
  const chat: string[] = [];
  const calls = {
    'tell the owner': () => {
      chat.push(new Date(acmeItself.now).toISOString());
      return null;
    },
  };
  const admin = { role: 'admin' };
  const [acmeItself, ada, bob, cleo] = travellers(
    [accountQuiet, company],
    { id: 'company:acme', calls, with: { policy } },
    { id: 'ada', traits: admin },
    { id: 'bob', traits: admin },
    { id: 'cleo' },
  );
  return { ada, bob, cleo, chat };
}

/** They use us so often in the last 30 days, and in the 30 days before. */
async function use(by: Traveller, thisMonth: number, lastMonth: number): Promise<void> {
  for (let n = 0; n < lastMonth; n++) await by.track(featureUsed, {}, { ago: '40 days' });
  for (let n = 0; n < thisMonth; n++) await by.track(featureUsed, {}, { ago: '10 days' });
}

const mails = (...people: readonly Traveller[]): string[] =>
  people.flatMap(({ messages }) => messages.map(({ decidedAt }) => new Date(decidedAt).toISOString()));

test('half of last month’s use: the owner is told in chat, and the admin by mail', async () => {
  const { ada, cleo, chat } = acme();
  for (const one of [ada, cleo]) await one.group('acme', { seats: 5, owner: 'olga' });
  await use(cleo, 2, 4);
  await ada.forward('14 days');
  expect([chat, mails(ada), mails(cleo)]).toEqual([[MONDAY], [MONDAY], []]);
});

test('more than half of last month’s use, or none in either: nobody is told', async () => {
  for (const [thisMonth, lastMonth] of [
    [3, 4],
    [0, 0],
  ] as const) {
    const { ada, chat } = acme();
    await ada.group('acme', { seats: 5 });
    await use(ada, thisMonth, lastMonth);
    await ada.forward('7 days');
    expect([chat, mails(ada)]).toEqual([[], []]);
  }
});

test('what all members did counts, whoever of them it was', async () => {
  const { ada, cleo, chat } = acme();
  for (const one of [ada, cleo]) await one.group('acme', { seats: 5 });
  await use(ada, 0, 4);
  await use(cleo, 3, 0);
  await ada.forward('7 days');
  expect(chat).toEqual([]);
});

test('once a quarter', async () => {
  const { ada, chat } = acme();
  await ada.group('acme', { seats: 5 });
  for (let week = 0; week < 26; week++) {
    await use(ada, 1, 20);
    await ada.forward('7 days');
  }
  expect(chat).toEqual([MONDAY, '2026-04-13T09:00:00.000Z']);
  expect(mails(ada)).toEqual(chat);
});

test('seats change: what was said last counts', async () => {
  const { ada, cleo, chat } = acme();
  for (const one of [ada, cleo]) await one.group('acme', { seats: 4 });
  await use(ada, 1, 4);
  await ada.forward('7 days');
  expect(chat).toEqual([]);
  await cleo.group('acme', { seats: 5 });
  await ada.forward('7 days');
  expect(chat).toEqual(['2026-01-19T09:00:00.000Z']);
});

test('fewer seats than five in time: nobody is told', async () => {
  const { ada, cleo, chat } = acme();
  for (const one of [ada, cleo]) await one.group('acme', { seats: 50 });
  await use(ada, 1, 4);
  await cleo.group('acme', { seats: 4 });
  await ada.forward('7 days');
  expect([chat, mails(ada)]).toEqual([[], []]);
});

test('two admins: the one last seen', async () => {
  for (const last of ['ada', 'bob'] as const) {
    const { chat, ...people } = acme();
    const { ada, bob, cleo } = people;
    for (const one of [ada, bob, cleo]) await one.group('acme', { seats: 5 });
    await use(cleo, 1, 4);
    await ada.forward('1 day');
    await people[last].identify({ seen: true });
    await ada.forward('1 day');
    await cleo.identify({ seen: true });
    await ada.forward('7 days');
    expect([chat, mails(ada, bob, cleo)]).toEqual([[MONDAY], [MONDAY]]);
    expect(mails(people[last])).toEqual([MONDAY]);
  }
});

test('the admin leaves: the other one is told', async () => {
  const { ada, bob, cleo, chat } = acme();
  for (const one of [ada, bob, cleo]) await one.group('acme', { seats: 5 });
  await use(cleo, 1, 4);
  await ada.forward('1 day');
  await ada.identify({ seen: true });
  await ada.group('umbrella', { seats: 5 });
  await ada.forward('7 days');
  expect([chat, mails(ada), mails(bob)]).toEqual([[MONDAY], [], [MONDAY]]);
});

test('the only admin leaves: the owner is told all the same', async () => {
  const { ada, cleo, chat } = acme();
  for (const one of [ada, cleo]) await one.group('acme', { seats: 5 });
  await use(cleo, 1, 4);
  await ada.identify({ role: 'guest' });
  await ada.forward('7 days');
  expect([chat, mails(ada, cleo)]).toEqual([[MONDAY], []]);
});

test('the admin who was told leaves: the quarter of the company goes on', async () => {
  const { ada, bob, cleo, chat } = acme();
  for (const one of [ada, cleo]) await one.group('acme', { seats: 5 });
  await use(cleo, 1, 4);
  await ada.forward('7 days');
  await ada.group('umbrella', { seats: 5 });
  await bob.group('acme', { seats: 5 });
  await use(cleo, 0, 20);
  await ada.forward('60 days');
  expect([chat, mails(ada, bob)]).toEqual([[MONDAY], [MONDAY]]);
});
