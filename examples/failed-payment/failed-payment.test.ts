import { templatesIn, traveller, type Traveller, type TravellerOptions } from 'sojourn/testing';
import { cardChanged, invoicePaid, paymentFailed } from '../events';
import policy from '../policy';
import failedPayment from './journey';

const INVOICE = { invoice: 'I-1', amount: 49, currency: 'EUR' };

/** A person whose payment failed on Monday, 5 January, at noon. */
async function failed(options: TravellerOptions = {}): Promise<Traveller> {
  const calls = { 'close the account': async () => 'closed' };
  const ada = traveller(failedPayment, { with: { policy }, calls, ...options });
  await ada.track(paymentFailed, INVOICE);
  return ada;
}

const course = (ada: Traveller): string[] =>
  ada.messages.map(({ step, decidedAt }) => `${new Date(decidedAt).toISOString().slice(5, 16)} ${step}`);

test('notices at once and on day 3, 5 and 7, and on day 10 the account closes', async () => {
  const ada = await failed({ templates: templatesIn('examples') });
  await ada.forward('60 days');
  expect(course(ada)).toEqual([
    '01-05T12:00 failed',
    '01-08T12:00 reminder',
    '01-10T12:00 urgent',
    '01-12T12:00 last-warning',
    '01-15T12:00 closed',
  ]);
  expect(ada.mailbox.map(({ subject }) => subject)).toEqual([
    'We could not charge your card',
    'Your payment is still open',
    'Your account is at risk',
    'Your account closes in three days',
    'Your account is closed',
  ]);
  expect(ada.runs).toMatchObject([{ status: 'completed' }]);
});

test('paid: it stops, and says thanks once', async () => {
  const ada = await failed();
  await ada.forward('4 days');
  await ada.track(invoicePaid, { owed: 0 });
  await ada.track(invoicePaid, { owed: 0 });
  await ada.forward('60 days');
  expect(course(ada)).toEqual(['01-05T12:00 failed', '01-08T12:00 reminder', '01-09T12:00 thanks']);
});

test('a payment without any failure before is not thanked for', async () => {
  const ada = traveller(failedPayment, { with: { policy } });
  await ada.track(invoicePaid, { owed: 0 });
  expect(ada.messages).toEqual([]);
});

test('two invoices failed: one series, which stops when both are paid', async () => {
  const ada = await failed();
  await ada.forward('1 day');
  await ada.track(paymentFailed, { ...INVOICE, invoice: 'I-2' });
  await ada.forward('3 days');
  await ada.track(invoicePaid, { owed: 49 });
  await ada.forward('2 days');
  await ada.track(invoicePaid, { owed: 0 });
  await ada.forward('60 days');
  expect(course(ada)).toEqual([
    '01-05T12:00 failed',
    '01-08T12:00 reminder',
    '01-10T12:00 urgent',
    '01-11T12:00 thanks',
  ]);
  await ada.track(paymentFailed, { ...INVOICE, invoice: 'I-3' });
  expect(ada.messages).toHaveLength(5);
});

test('card changed but not yet charged: no further notice for 24 hours', async () => {
  const ada = await failed();
  await ada.forward('2 days');
  await ada.forward('20 hours');
  await ada.track(cardChanged, {});
  await ada.forward('4 days');
  expect(course(ada)).toEqual(['01-05T12:00 failed', '01-09T08:00 reminder', '01-10T12:00 urgent']);
});

test('a card that is charged within the 24 hours stops it', async () => {
  const ada = await failed();
  await ada.forward('70 hours');
  await ada.track(cardChanged, {});
  await ada.forward('10 hours');
  await ada.track(invoicePaid, { owed: 0 });
  await ada.forward('60 days');
  expect(course(ada)).toEqual(['01-05T12:00 failed', '01-08T20:00 thanks']);
});

test('a card changed while a notice waits for the morning holds it for 24 hours too', async () => {
  const ada = await failed({ at: '2026-01-05T23:00:00Z' });
  await ada.forward('5 hours');
  await ada.track(cardChanged, {});
  await ada.forward('3 days');
  expect(course(ada)).toEqual(['01-07T08:00 failed']);
});

test('a card changed again while the 24 hours run holds the notice anew', async () => {
  const ada = await failed({ at: '2026-01-05T20:00:00Z' });
  await ada.forwardTo('2026-01-10T19:00:00Z');
  await ada.track(cardChanged, {}); // An hour before day 5: until the 11th, 19:00.
  await ada.forwardTo('2026-01-11T10:00:00Z');
  await ada.track(cardChanged, {}); // Until the 12th, 10:00.
  await ada.forwardTo('2026-01-12T09:59:00Z');
  expect(course(ada)).toEqual(['01-05T20:00 failed', '01-08T20:00 reminder']);
  await ada.forward('1 minute');
  expect(course(ada).slice(2)).toEqual(['01-12T10:00 urgent']);
});

test('a card changed ever again holds the notice until 24 hours after the last change', async () => {
  const ada = await failed();
  for (const moment of ['08T11:30', '09T11:00', '10T10:30', '11T10:00']) {
    await ada.forwardTo(`2026-01-${moment}:00Z`);
    await ada.track(cardChanged, {});
  }
  await ada.forwardTo('2026-01-12T09:59:00Z');
  expect(course(ada)).toEqual(['01-05T12:00 failed']);
  await ada.forward('1 minute');
  expect(course(ada).slice(1, 2)).toEqual(['01-12T10:00 reminder']);
});

test('a card changed in the night in which the 24 hours ended holds the notice of the morning', async () => {
  const ada = await failed({ at: '2026-01-05T23:00:00Z' }); // Notices keep the night: this one waits until 08:00.
  await ada.forward('10 minutes');
  await ada.track(cardChanged, {}); // Until the 6th, 23:10, which is night again.
  await ada.forwardTo('2026-01-07T03:00:00Z');
  await ada.track(cardChanged, {}); // Until the 8th, 03:00.
  await ada.forwardTo('2026-01-08T12:00:00Z');
  expect(course(ada)).toEqual(['01-08T08:00 failed']);
});

test('a card changed on day 10: the account stays open for 24 hours', async () => {
  const closed: number[] = [];
  const ada = await failed({ calls: { 'close the account': () => closed.push(ada.now) } });
  await ada.forwardTo('2026-01-15T11:00:00Z');
  await ada.track(cardChanged, {});
  await ada.forward('23 hours');
  expect(closed).toEqual([]);
  await ada.forward('1 hour');
  expect(closed).toEqual([Date.parse('2026-01-16T11:00:00Z')]);
});

test('neither caps nor an opt-out stop it, and all but the last notice keep the night', async () => {
  const ada = await failed({ at: '2026-01-05T23:00:00Z', consent: { email: false } });
  await ada.forward('60 days');
  expect(course(ada)).toEqual([
    '01-06T08:00 failed',
    '01-09T08:00 reminder',
    '01-11T08:00 urgent',
    '01-13T08:00 last-warning',
    '01-15T23:00 closed',
  ]);
});

test('paid in the night, while a notice waits for the morning: no notice', async () => {
  const ada = await failed({ at: '2026-01-05T23:00:00Z' });
  await ada.forward('2 hours');
  await ada.track(invoicePaid, { owed: 0 });
  await ada.forward('60 days');
  expect(course(ada)).toEqual(['01-06T01:00 thanks']);
});
