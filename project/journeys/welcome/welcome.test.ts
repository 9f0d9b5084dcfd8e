import { join } from 'node:path';
import { templatesIn, traveller, type Traveller } from 'sojourn/testing';
import { accountDeleted, orderPlaced, signedUp } from '../events';
import lifecycle from '../lifecycle';
import policy from '../policy';
import welcome from './journey';

/*
 * A traveller is one person in virtual time. `track` is something they do, `forward` lets time pass, `messages` lists what was sent, and
 * `why` explains a step. The engine is the one used in production, with your policy and your stages.
 */
const signUp = async (): Promise<Traveller> => {
  const ada = traveller(welcome, { with: { lifecycle, policy }, timezone: 'Europe/Berlin' });
  await ada.track(signedUp, { plan: 'free' });
  return ada;
};

test('a sign-up is answered at once by mail', async () => {
  const ada = await signUp();
  expect(ada.messages).toMatchObject([{ step: 'welcome', channel: 'email', decidedAt: ada.now }]);
  expect(ada.stage).toBe('member');
  expect(ada.why('first order')).toBe("'first order' waits for Order Placed, 3 d to go");
});

test('a person without an order gets one reminder, after three days', async () => {
  const ada = await signUp();
  await ada.forward('2 days');
  expect(ada.messages).toHaveLength(1);
  await ada.forward('90 days');
  expect(ada.messages.map(({ step }) => step)).toEqual(['welcome', 'reminder']);
  expect(ada.why('reminder')).toContain('allowed');
});

test('a person who orders in time is not reminded', async () => {
  const ada = await signUp();
  await ada.forward('1 day');
  await ada.track(orderPlaced, { orderId: 'A-1' });
  await ada.forward('90 days');
  expect(ada.messages.map(({ step }) => step)).toEqual(['welcome']);
});

test('a person who deletes the account gets nothing more', async () => {
  const ada = await signUp();
  await ada.track(accountDeleted, {});
  await ada.forward('90 days');
  expect(ada.messages.map(({ step }) => step)).toEqual(['welcome']);
});

test('the mails call the person by name, if it is known', async () => {
  const templates = templatesIn(join(__dirname, '..'));
  const ada = traveller(welcome, { templates, traits: { firstName: 'Ada' }, channels: ['email'] });
  await ada.track(signedUp, {});
  await ada.forward('4 days');
  expect(ada.mailbox.map(({ content }) => content['subject'])).toEqual(['Welcome, Ada', 'Still hungry?']);
});
