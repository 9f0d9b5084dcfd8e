import { traveller, type Traveller } from 'sojourn/testing';
import { accountDeleted, orderPlaced, projectCreated, signedUp } from './events';
import lifecycle from './lifecycle';

/** A person who moves through the stages, without any journey. */
const person = (): Traveller => traveller([], { with: { lifecycle } });

test('a person can be new, onboarding, active, dormant, churned, won back, and active again', async () => {
  const ada = person();
  await ada.track(orderPlaced, { orderId: 'A-1' });
  expect(ada.stage).toBe('new');
  await ada.track(signedUp, { plan: 'free' });
  expect(ada.stage).toBe('onboarding');
  await ada.track(projectCreated, { name: 'Engine' });
  expect(ada.stage).toBe('active');

  await ada.forward('20 days');
  expect(ada.stage).toBe('active');
  await ada.forward('1 day');
  expect(ada.stage).toBe('dormant');
  await ada.forward('30 days');
  expect(ada.stage).toBe('churned');

  await ada.track(orderPlaced, { orderId: 'A-2' });
  expect(ada.stage).toBe('won back');
  await ada.forward('15 days');
  await ada.track(orderPlaced, { orderId: 'A-3' });
  await ada.forward('15 days');
  expect(ada.stage).toBe('active');
});

test('a person who is won back and falls silent becomes dormant again', async () => {
  const ada = person();
  await ada.track(signedUp, { plan: 'free' });
  await ada.forward('21 days');
  await ada.track(orderPlaced, { orderId: 'A-1' });
  expect(ada.stage).toBe('won back');
  await ada.forward('21 days');
  expect(ada.stage).toBe('dormant');
});

test('a project makes a visitor active even if the sign-up comes late or never', async () => {
  const ada = person();
  await ada.track(projectCreated, { name: 'Engine' });
  await ada.track(signedUp, { plan: 'free' });
  expect(ada.stage).toBe('active');
});

test('a late event from before the silence does not count as a return', async () => {
  const ada = person();
  await ada.track(signedUp, { plan: 'free' });
  await ada.forward('22 days');
  await ada.track(orderPlaced, { orderId: 'A-1' }, { ago: '22 days' });
  expect(ada.stage).toBe('dormant');
});

test('a deleted account comes back only by signing up again', async () => {
  const ada = person();
  await ada.track(signedUp, { plan: 'free' });
  await ada.track(accountDeleted, {});
  await ada.track(projectCreated, { name: 'Flushed on the way out' });
  await ada.forward('1 week');
  expect(ada.stage).toBe('deleted');
  await ada.track(signedUp, { plan: 'free' });
  expect(ada.stage).toBe('won back');
});
