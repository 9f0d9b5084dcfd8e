import { travellers } from 'sojourn/testing';
import chats from '../chats';
import { courierAssigned, orderCancelled, orderDone } from '../events';
import lifecycle from '../lifecycle';
import policy from '../policy';
import orderChat from './journey';

const A = { order: 'A-1042' };
const BY_BOB = { ...A, courier: 'bob', courierName: 'Bob' };
const people = () =>
  travellers(
    orderChat,
    { id: 'ada', traits: { firstName: 'Ada' }, with: { lifecycle, policy, chats } },
    { id: 'bob' },
    { id: 'cleo' },
  );

test('the customer and the courier can talk, and see a role and a first name of each other', async () => {
  const [ada, bob] = people();
  await ada.track(courierAssigned, BY_BOB);
  expect(ada.chats).toMatchObject([
    { chat: 'delivery', key: 'A-1042', open: true, others: [{ role: 'courier', name: 'Bob' }] },
  ]);
  expect(bob.chats).toMatchObject([{ open: true, role: 'courier', others: [{ role: 'customer', name: 'Ada' }] }]);
  expect(ada.messages).toMatchObject([{ step: 'on the way', channel: 'webPush' }]);
});

test.each([
  ['delivered', orderDone],
  ['cancelled', orderCancelled],
])('%s: the chat closes for both', async (_, end) => {
  const [ada, bob] = people();
  await ada.track(courierAssigned, BY_BOB);
  await ada.track(end, A);
  expect([ada.chats, bob.chats]).toMatchObject([[{ open: false }], [{ open: false }]]);
});

test('nobody says that it is delivered: it closes after a day', async () => {
  const [ada] = people();
  await ada.track(courierAssigned, BY_BOB);
  await ada.forward('23 hours');
  expect(ada.chats).toMatchObject([{ open: true }]);
  await ada.forward('1 hour');
  expect(ada.chats).toMatchObject([{ open: false }]);
});

test('another courier takes over, and the first one is out', async () => {
  const [ada, bob, cleo] = people();
  await ada.track(courierAssigned, BY_BOB);
  await ada.forward('5 minutes');
  await ada.track(courierAssigned, { ...A, courier: 'cleo', courierName: 'Cleo' });
  expect([ada.chats, bob.chats, cleo.chats]).toMatchObject([
    [{ open: true, others: [{ name: 'Cleo' }] }],
    [],
    [{ open: true }],
  ]);
});

test('two orders at once: two chats, and one stays open when the other closes', async () => {
  const [ada] = people();
  await ada.track(courierAssigned, BY_BOB);
  await ada.track(courierAssigned, { order: 'B-7', courier: 'cleo', courierName: 'Cleo' });
  await ada.track(orderDone, A);
  expect(ada.chats).toMatchObject([
    { key: 'A-1042', open: false },
    { key: 'B-7', open: true },
  ]);
});

test('a customer without a first name is called Customer', async () => {
  const [, bob, cleo] = people();
  await cleo.track(courierAssigned, BY_BOB);
  expect(bob.chats).toMatchObject([{ others: [{ role: 'customer', name: 'Customer' }] }]);
});
