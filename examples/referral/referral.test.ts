import { travellers } from 'sojourn/testing';
import { codeRedeemed, orderPlaced, orderReturned, voucherEarned } from '../events';
import lifecycle from '../lifecycle';
import policy from '../policy';
import earned from '../referral-earned/journey';
import voucher from '../referral-voucher/journey';
import referral from './journey';

/** Ada has a code, and Bob has redeemed it. */
async function invited({ address = 'bob@example.com', orderedBefore = false } = {}) {
  let made = 0;
  const [ada, bob] = travellers(
    [referral, earned, voucher],
    {
      id: 'ada',
      traits: { email: 'ada@example.com' },
      calls: { voucher: () => `V-${++made}` },
      with: { lifecycle, policy },
    },
    { id: 'bob', traits: { email: address } },
  );
  if (orderedBefore) await bob.track(orderPlaced, { order: 'A-1' });
  await bob.track(codeRedeemed, { code: 'ADA-7', invitedBy: 'ada' });
  return { ada, bob };
}

const vouchersOf = ({ messages }: Awaited<ReturnType<typeof invited>>['ada']) =>
  messages.map(({ data }) => data['code']);

test('a first order within 60 days earns both a voucher, once it can no longer be returned', async () => {
  const { ada, bob } = await invited();
  await bob.forward('59 days');
  await bob.track(orderPlaced, { order: 'A-1' });
  await bob.forward('13 days');
  expect([...vouchersOf(ada), ...vouchersOf(bob)]).toEqual([]);
  await bob.forward('1 day');
  expect([vouchersOf(ada), vouchersOf(bob)].flat().sort()).toEqual(['V-1', 'V-2']);
  expect(ada.messages).toHaveLength(1);
  await bob.track(orderPlaced, { order: 'A-2' });
  await bob.forward('90 days');
  expect([ada.messages.length, bob.messages.length]).toEqual([1, 1]);
});

test('no order within 60 days: not earned', async () => {
  const { ada, bob } = await invited();
  await bob.forward('61 days');
  await bob.track(orderPlaced, { order: 'A-1' });
  await bob.forward('30 days');
  expect([...ada.messages, ...bob.messages]).toEqual([]);
});

test('not the first order: not earned', async () => {
  const { ada, bob } = await invited({ orderedBefore: true });
  await bob.track(orderPlaced, { order: 'A-2' });
  await bob.forward('30 days');
  expect([...ada.messages, ...bob.messages]).toEqual([]);
});

test('order returned within 14 days: not earned', async () => {
  const { ada, bob } = await invited();
  await bob.track(orderPlaced, { order: 'A-1' });
  await bob.forward('13 days');
  await bob.track(orderReturned, { order: 'A-1' });
  expect(bob.runs).toMatchObject([{ status: 'exited', reason: 'the order was returned' }]);
  await bob.forward('30 days');
  expect([...ada.messages, ...bob.messages]).toEqual([]);
});

test('another order that is returned changes nothing', async () => {
  const { ada, bob } = await invited();
  await bob.track(orderPlaced, { order: 'A-1' });
  await bob.track(orderReturned, { order: 'B-7' });
  await bob.forward('14 days');
  expect([ada.messages.length, bob.messages.length]).toEqual([1, 1]);
});

test.each(['ada@example.com', ' Ada@Example.com '])(
  'own second account (same address, written "%s"): not earned',
  async (address) => {
    const { ada, bob } = await invited({ address });
    await bob.track(orderPlaced, { order: 'A-1' });
    await bob.forward('30 days');
    expect([...ada.messages, ...bob.messages]).toEqual([]);
    expect(ada.runs).toMatchObject([{ status: 'exited', reason: 'their own second account' }]);
  },
);

test('at most ten a year: the eleventh is not earned, and the friend gets theirs all the same', async () => {
  const { ada, bob } = await invited();
  for (let friend = 1; friend <= 10; friend++) await ada.track(voucherEarned, { friend: `friend ${friend}` });
  expect(vouchersOf(ada)).toHaveLength(10);
  await bob.track(orderPlaced, { order: 'A-1' });
  await bob.forward('14 days');
  expect([vouchersOf(ada).length, vouchersOf(bob).length]).toEqual([10, 1]);
  expect(ada.runs.at(-1)).toMatchObject({ status: 'exited', reason: 'ten this year already' });
});

test('at most ten a year: in the next year there are ten again', async () => {
  const { ada } = await invited();
  for (let friend = 1; friend <= 12; friend++) await ada.track(voucherEarned, { friend: `friend ${friend}` });
  expect(vouchersOf(ada)).toHaveLength(10);
  await ada.forwardTo('2027-01-01T00:00:00Z');
  await ada.track(voucherEarned, { friend: 'friend 13' });
  expect(vouchersOf(ada)).toHaveLength(11);
});
