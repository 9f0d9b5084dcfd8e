import { chatMessageReceived, chatMessageSent, chatSeen } from 'sojourn';
import { templatesIn, traveller, type Traveller } from 'sojourn/testing';
import lifecycle from '../lifecycle';
import policy from '../policy';
import chatPush from './journey';

const templates = templatesIn('examples');
const person = (at?: string) => traveller(chatPush, { with: { lifecycle, policy }, templates, ...(at && { at }) });
const A = { chat: 'delivery', key: 'A-1042' };
const B = { chat: 'delivery', key: 'B-7' };
const isWrittenTo = (ada: Traveller, chat: typeof A, message: string) =>
  ada.track(chatMessageReceived, { ...chat, from: 'courier', message });

test('a message that is not seen within twenty seconds comes as a push', async () => {
  const ada = person();
  await isWrittenTo(ada, A, 'm-1');
  await ada.forward('19 seconds');
  expect(ada.messages).toEqual([]);
  await ada.forward('1 second');
  expect(ada.mailbox).toMatchObject([{ channel: 'webPush', subject: 'New message' }]);
});

test.each([
  ['seen', (ada: Traveller) => ada.track(chatSeen, A)],
  ['answered', (ada: Traveller) => ada.track(chatMessageSent, { ...A, role: 'customer', message: 'm-2' })],
])('a message that is %s in time comes as no push', async (_, react) => {
  const ada = person();
  await isWrittenTo(ada, A, 'm-1');
  await ada.forward('10 seconds');
  await react(ada);
  await ada.forward('1 hour');
  expect(ada.messages).toEqual([]);
});

test('several messages in twenty seconds come as one push', async () => {
  const ada = person();
  for (const message of ['m-1', 'm-2', 'm-3']) {
    await isWrittenTo(ada, A, message);
    await ada.forward('5 seconds');
  }
  await ada.forward('1 hour');
  expect(ada.messages).toHaveLength(1);
});

test('a message that comes after they have seen the one before counts anew', async () => {
  const ada = person();
  await isWrittenTo(ada, A, 'm-1');
  await ada.forward('5 seconds');
  await ada.track(chatSeen, A);
  await ada.forward('1 second');
  await isWrittenTo(ada, A, 'm-2');
  await ada.forward('20 seconds');
  expect(ada.messages).toHaveLength(1);
});

test('another conversation that is seen does not matter', async () => {
  const ada = person();
  await isWrittenTo(ada, A, 'm-1');
  await ada.track(chatSeen, B);
  await ada.forward('20 seconds');
  expect(ada.messages).toHaveLength(1);
});

test('at night, too: somebody waits for them', async () => {
  const ada = person('2026-01-05T02:00:00Z');
  await isWrittenTo(ada, A, 'm-1');
  await ada.forward('20 seconds');
  expect(ada.messages).toMatchObject([{ decidedAt: ada.now }]);
});
