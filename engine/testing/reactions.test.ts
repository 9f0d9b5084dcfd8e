import { z } from 'zod';
import { event } from '../authoring/event';
import { answered, clicked } from '../authoring/message-events';
import { journey } from '../authoring/journey';
import { signedUp, unrestrained } from './properties/catalogue';
import { traveller } from './traveller';

const left = event('Left', z.object({ reason: z.string().optional() }), {});
const asks = journey('asks', { enter: signedUp }, async (j) => {
  await j.send('ask', { inApp: 'ask' });
  const reply = await j.waitFor('reply', answered, { within: '7 days' });
  const coupon = await j.call('coupon', async (): Promise<{ code: string }> =>
    Promise.reject(new Error('really made')),
  );
  if (reply) await j.award('thanks', { badge: `${reply.properties.value}: ${coupon?.code ?? 'none'}` });
});

it('a person answers a message of a step, and a stand-in answers the call', async () => {
  const ada = traveller(asks, { calls: { coupon: async () => Promise.resolve({ code: 'A' }) } });
  await ada.track(signedUp, { plan: 'free' });
  await expect(ada.react('ask', answered)).rejects.toThrow("react('ask', answered, 'yes')");
  await expect(ada.react('other', clicked)).rejects.toThrow("No message of step 'other'");
  await ada.react('ask', clicked);
  expect(ada.profile.badges).toEqual([]);
  await ada.react('ask', answered, 'yes');
  expect(ada.profile.badges).toEqual(['yes: A']);
});

it('a call without a stand-in is an error, and one that fails shows its own', async () => {
  for (const [calls, error] of [
    [{}, "The call 'coupon' has no stand-in"],
    [{ coupon: () => Promise.reject(new Error('503')) }, '503'],
  ] as const) {
    const ada = traveller(asks, { calls });
    await ada.track(signedUp, { plan: 'free' });
    await expect(ada.react('ask', answered, 'yes')).rejects.toThrow(error);
  }
});

it('a person opts out and in again, and belongs to groups', async () => {
  const daily = journey('daily', { enter: signedUp }, async (j) => {
    for (const day of [1, 2, 3]) {
      await j.send(`day ${day}`, { email: 'day' });
      await j.sleep(`night ${day}`, '1 day');
    }
  });
  const ada = traveller(daily, { with: unrestrained });
  await ada.group('navy', { seats: 5 });
  expect(ada.profile.traits).toEqual({ groups: { navy: { groupId: 'navy', seats: 5 } } });
  await ada.track(signedUp, { plan: 'free' });
  await ada.consent('email', false);
  await ada.forward('1 day');
  await ada.consent('email', true);
  await ada.forward('1 day');
  expect(ada.messages.map(({ step }) => step)).toEqual(['day 1', 'day 3']);
  expect(ada.suppressed).toMatchObject([{ step: 'day 2', cause: 'consent' }]);
});

it('the mailbox has what was sent, rendered with the facts of that time', async () => {
  const greets = journey('greets', { enter: signedUp }, async (j) => {
    await j.send('hello', { email: 'hello' }, { data: { n: 1 } });
  });
  const ada = traveller(greets, {
    traits: { name: 'Ada' },
    templates: Promise.resolve(({ journey: of, name, context }) => ({
      subject: `${of} ${name}`,
      html: `<p>${JSON.stringify(context.user.traits['name'])}</p>`,
      text: JSON.stringify(context.data),
    })),
  });
  await ada.track(signedUp, { plan: 'free' });
  await ada.identify({ name: 'Grace' });
  expect(ada.mailbox).toMatchObject([
    { step: 'hello', channel: 'email', subject: 'greets hello', html: '<p>"Ada"</p>', text: '{"n":1}' },
  ]);
  expect(() => traveller(greets).mailbox).toThrow("templatesIn('journeys')");
});

it('an optional property may be undefined', async () => {
  const ada = traveller(journey('leaving', { enter: left }, () => Promise.resolve()));
  const given: { reason?: string | undefined } = { reason: undefined };
  await ada.track(left, given);
  expect(ada.runs[0]?.trigger.properties).toEqual({});
});
