import { activity, type EventDefinition } from '../authoring/event';
import { journey } from '../authoring/journey';
import { clicked } from '../authoring/message-events';
import { bounced, complained, delivered, messageUnsubscribed, opened } from '../authoring/receipt-events';
import type { ChannelName } from '../model/state';
import { signedUp, unrestrained } from '../testing/properties/catalogue';
import { traveller, travellers, type Traveller } from '../testing/traveller';

/** What receipts mean for the address, in the test kit as in production; see docs/channels/receipts.md. */

const daily = journey('daily', { enter: signedUp }, async (j) => {
  for (let day = 1; day <= 6; day++) {
    await j.send(`day ${day}`, { email: 'day' });
    await j.send(`text ${day}`, { sms: 'day' });
    await j.sleep(`night ${day}`, '1 day');
  }
});

const EMAIL = { email: 'Ada@example.com', phone: '+49 170 1234567' };

async function entered(traits: Record<string, string> = EMAIL): Promise<Traveller> {
  const ada = traveller(daily, { with: unrestrained, traits });
  await ada.track(signedUp, { plan: 'free' });
  return ada;
}

const sentBy = ({ messages }: Traveller, channel: ChannelName): string[] =>
  messages.filter((message) => message.channel === channel).map(({ step }) => step);

type Reported = EventDefinition<{ readonly step: string }>;
const PERMANENT = { permanent: true };

it.each<[string, Reported, object, string]>([
  ['has bounced for good', bounced, PERMANENT, 'bounced address'],
  ['was reported as spam', complained, {}, 'reported as spam'],
])(
  'an address that %s gets nothing more on the channel, and the reason says why',
  async (_, reported, facts, reason) => {
    const ada = await entered();
    await ada.receipt('day 1', reported, { ...facts });
    await ada.forward('1 day');
    expect(sentBy(ada, 'email')).toEqual(['day 1']);
    expect(ada.suppressed).toMatchObject([{ step: 'day 2', channel: 'email', cause: 'undeliverable', reason }]);
    expect(ada.why('day 2')).toContain(reason);
    expect(sentBy(ada, 'sms')).toEqual(['text 1', 'text 2']);
  },
);

it('another address is mailed again, and so is a person who agrees anew', async () => {
  const ada = await entered();
  await ada.receipt('day 1', bounced, PERMANENT);
  await ada.forward('1 day');
  await ada.identify({ email: 'ada@example.org' });
  await ada.forward('1 day');
  expect(sentBy(ada, 'email')).toEqual(['day 1', 'day 3']);
  await ada.identify({ email: ' ada@EXAMPLE.com ' });
  await ada.forward('1 day');
  expect(sentBy(ada, 'email')).toEqual(['day 1', 'day 3']);
  await ada.consent('email', true);
  await ada.forward('1 day');
  expect(sentBy(ada, 'email')).toEqual(['day 1', 'day 3', 'day 5']);
});

it('it is the address that is suppressed, whoever has it; who has none in their traits shares theirs with nobody', async () => {
  const [ada, bob, eve, kim] = travellers(
    daily,
    { id: 'ada', with: unrestrained, traits: EMAIL },
    { id: 'bob', traits: { email: 'ada@example.com' } },
    { id: 'eve' },
    { id: 'kim' },
  );
  for (const one of [ada, bob, eve, kim]) await one.track(signedUp, { plan: 'free' });
  await ada.receipt('day 1', bounced, PERMANENT);
  await eve.receipt('day 1', bounced, PERMANENT);
  await ada.forward('1 day');
  expect([ada, bob, eve, kim].map((one) => sentBy(one, 'email').length)).toEqual([1, 1, 1, 2]);
});

it('three soft bounces in 14 days suppress the address, unless something was delivered in between', async () => {
  const [ada, bob] = [await entered(), await entered({ email: 'bob@example.com' })];
  for (const person of [ada, bob])
    for (let day = 1; day <= 4; day++) {
      if (sentBy(person, 'email').includes(`day ${day}`)) {
        await person.receipt(`day ${day}`, bounced, { permanent: false });
        await person.receipt(`day ${day}`, bounced, { permanent: false });
      }
      if (person === bob && day === 2) await person.receipt('day 2', delivered);
      await person.forward('1 day');
    }
  expect(sentBy(ada, 'email')).toEqual(['day 1', 'day 2', 'day 3']);
  expect(sentBy(bob, 'email')).toEqual(['day 1', 'day 2', 'day 3', 'day 4', 'day 5']);
});

it('somebody who unsubscribes at the provider has opted out of the channel', async () => {
  const ada = await entered();
  await ada.receipt('text 1', messageUnsubscribed);
  await ada.forward('1 day');
  expect(ada.profile.consent).toEqual({ sms: false });
  expect(ada.suppressed).toMatchObject([{ step: 'text 2', cause: 'consent' }]);
  expect(sentBy(ada, 'email')).toEqual(['day 1', 'day 2']);
});

it('what happened to a message is no activity of the person, a click is', async () => {
  const waits = journey('waits', { enter: signedUp }, async (j) => {
    await j.send('welcome', { email: 'welcome' });
    await j.waitFor('back', activity, { within: '1 day', since: 'now' });
    await j.award('is back', { points: 1 });
  });
  const ada = traveller(waits, { with: unrestrained, traits: EMAIL });
  await ada.track(signedUp, { plan: 'free' });
  await ada.forward('1 minute');
  await ada.receipt('welcome', opened);
  expect(ada.profile.points).toBe(0);
  await ada.receipt('welcome', clicked);
  expect(ada.profile.points).toBe(1);
});
