import { journey, policy as policyOf } from 'sojourn';
import { traveller, type Traveller, type TravellerOptions } from 'sojourn/testing';
import { orderPaid, productBought, productReturned } from '../events';
import policy from '../policy';
import promotion from './journey';

const SHOES = { item: 'shoes', department: 'sportswear' };

/** A person whose time begins on Monday, 5 January, at noon. The first Friday is the 9th. */
const person = (options: TravellerOptions = {}): Traveller => traveller(promotion, { with: { policy }, ...options });
const times = (ada: Traveller): string[] => ada.messages.map(({ decidedAt }) => new Date(decidedAt).toISOString());

test('whoever bought sportswear gets the offer on Friday at five by their own clock', async () => {
  const ada = person({ timezone: 'Europe/Berlin' });
  await ada.track(productBought, SHOES);
  await ada.track(productReturned, { item: 'a book' });
  await ada.forwardTo('2026-01-12T00:00:00Z');
  expect(times(ada)).toEqual(['2026-01-09T16:00:00.000Z']);
});

test('nobody gets it who bought something else, returned it, or bought it more than 90 days ago', async () => {
  const [bob, eve, dan] = [person(), person(), person()];
  await bob.track(productBought, { item: 'a book', department: 'books' });
  await eve.track(productBought, SHOES);
  await eve.track(productReturned, { item: 'shoes' });
  await dan.track(productBought, SHOES, { ago: '88 days' });
  for (const one of [bob, eve, dan]) await one.forwardTo('2026-01-12T00:00:00Z');
  expect([bob, eve, dan].flatMap(times)).toEqual([]);
});

test('bought on Friday at 16:59: at five', async () => {
  const ada = person();
  await ada.track(orderPaid, { order: 'A-1', total: 10, currency: 'EUR' });
  await ada.forwardTo('2026-01-09T16:59:00Z');
  await ada.track(productBought, SHOES);
  await ada.forwardTo('2026-01-12T00:00:00Z');
  expect(times(ada)).toEqual(['2026-01-09T17:00:00.000Z']);
});

test('at most once a quarter, whatever is bought meanwhile', async () => {
  const ada = person();
  for (let week = 0; week < 26; week++) {
    await ada.track(productBought, { ...SHOES, item: `shoes ${week}` });
    await ada.forward('7 days');
  }
  expect(times(ada)).toEqual(['2026-01-09T17:00:00.000Z', '2026-04-10T17:00:00.000Z']);
});

test('who does not qualify in one week may get it the next', async () => {
  const ada = person();
  await ada.track(orderPaid, { order: 'A-1', total: 10, currency: 'EUR' });
  await ada.forwardTo('2026-01-12T12:00:00Z');
  await ada.track(productBought, SHOES);
  await ada.forward('7 days');
  expect(times(ada)).toEqual(['2026-01-16T17:00:00.000Z']);
});

test('in quiet hours at five (night shift): at the next allowed time before Sunday', async () => {
  const nightShift = policyOf({ quietHours: { from: '09:00', to: '18:30' } });
  const ada = person({ with: { policy: nightShift } });
  await ada.track(productBought, SHOES);
  await ada.forwardTo('2026-01-12T00:00:00Z');
  expect(times(ada)).toEqual(['2026-01-09T18:30:00.000Z']);
});

test('no allowed time before Sunday: never', async () => {
  // She flies west over the date line while the offer is held: for her the hours end after it has expired.
  const nightShift = policyOf({ quietHours: { from: '09:00', to: '08:30' } });
  const ada = person({ timezone: 'Asia/Tokyo', with: { policy: nightShift } });
  await ada.track(productBought, SHOES);
  await ada.forwardTo('2026-01-09T10:00:00Z');
  await ada.identify({ timezone: 'Pacific/Honolulu' });
  await ada.forwardTo('2026-01-13T00:00:00Z');
  expect([times(ada), ada.suppressed.length]).toEqual([[], 1]);
});

/** She bought sportswear, and so many other mails reach her on each of these days at this time. */
async function busy(days: readonly string[], perDay: number): Promise<Traveller> {
  const news = journey('news', { enter: orderPaid, reenter: 'always' }, (j) =>
    j.send('news', { email: 'news' }).then(),
  );
  const ada = person({ with: { policy, journeys: [news] } });
  await ada.track(productBought, SHOES);
  for (const day of days) {
    await ada.forwardTo(day);
    for (let n = 0; n < perDay; n++) await ada.track(orderPaid, { order: `${day} ${n}`, total: 10, currency: 'EUR' });
  }
  return ada;
}

test('already had two messages today: this one waits until there is room, before Sunday', async () => {
  const ada = await busy(['2026-01-09T10:00:00Z'], 2);
  await ada.forwardTo('2026-01-09T17:00:00Z');
  expect(ada.held).toMatchObject([{ step: 'offer', hold: 'cap' }]);
  await ada.forwardTo('2026-01-12T00:00:00Z');
  expect(times(ada).at(-1)).toBe('2026-01-10T10:00:00.000Z');
});

test('no room before Sunday: this one falls out, and may come on the next Friday', async () => {
  const days = ['06', '07', '08'].map((day) => `2026-01-${day}T10:00:00Z`);
  const ada = await busy([...days, '2026-01-09T10:00:00Z'], 2); // The eighth is over the cap of the week, seven.
  await ada.forwardTo('2026-01-12T00:00:00Z');
  expect(ada.messages.map(({ step }) => step)).toEqual(Array<string>(7).fill('news'));
  expect(ada.suppressed.at(-1)).toMatchObject({ step: 'offer', cause: 'cap', reason: 'capped: email 7 a week' });
  await ada.forwardTo('2026-01-17T00:00:00Z');
  expect(times(ada).at(-1)).toBe('2026-01-16T17:00:00.000Z');
});
