import { templatesIn, traveller, travellers, type Traveller } from 'sojourn/testing';
import line from '../back-in-stock-line/journey';
import { lineJoined, productBought, restockRequested, stockChanged } from '../events';
import policy from '../policy';
import backInStock from './journey';

const P7 = { product: 'P-7' };
const P7_BOUGHT = { item: 'P-7/1', product: 'P-7', department: 'sportswear' };

/** A product, which is sold out, and three people. */
const people = () =>
  travellers(
    [backInStock, line],
    { id: 'product:P-7', with: { policy }, templates: templatesIn('examples') },
    { id: 'ada' },
    { id: 'bob' },
    { id: 'cleo' },
  );

/** They ask for it, one a minute. */
async function ask(...askers: readonly Traveller[]): Promise<void> {
  for (const one of askers) {
    await one.track(restockRequested, P7);
    await one.forward('1 minute');
  }
}

/** The shop has so many pieces. A minute passes. */
async function stock(product: Traveller, pieces: number): Promise<void> {
  await product.track(stockChanged, { pieces });
  await product.forward('1 minute');
}

/** A product that so many people wait for: person 1 asked first. */
async function awaited(by: number): Promise<Traveller> {
  const product = traveller(line, { id: 'product:P-7', with: { policy } });
  for (let n = 1; n <= by; n++) await product.track(lineJoined, { ...P7, person: `${n}`, request: `R-${n}` });
  return product;
}

/** The people whose turn came, as the first and the last of each time: `12:00 1 to 100`. */
function turns({ tracked }: Traveller): string[] {
  const timeOf = ({ at }: (typeof tracked)[number]): string => new Date(at).toISOString().slice(11, 16);
  return [...new Set(tracked.map(timeOf))].map((time) => {
    const people = tracked.filter((event) => timeOf(event) === time).map(({ userId }) => userId);
    return `${time} ${people[0]} to ${people.at(-1)}`;
  });
}

const times = (...of: readonly Traveller[]): string[][] =>
  of.map(({ messages }) => messages.map(({ decidedAt }) => new Date(decidedAt).toISOString().slice(5, 16)));

test('whoever asked is told when it is there', async () => {
  const [product, ada, bob, cleo] = people();
  await stock(product, 0);
  await ask(ada, bob);
  expect(times(ada, bob)).toEqual([[], []]);
  await product.forwardTo('2026-01-07T15:00:00Z');
  await stock(product, 2);
  await product.forward('30 days');
  expect(times(ada, bob, cleo)).toEqual([['01-07T15:00'], ['01-07T15:00'], []]);
  expect(ada.mailbox).toMatchObject([{ subject: 'P-7 is back in stock' }]);
});

test('100 people per 20 pieces, in the order of asking', async () => {
  const product = await awaited(260);
  await stock(product, 20);
  expect(product.tracked.map(({ userId }) => userId)).toEqual(Array.from({ length: 100 }, (_, n) => `${n + 1}`));
  await stock(product, 0);
  await product.forward('1 day');
  await stock(product, 21);
  expect(turns(product)).toEqual(['12:00 1 to 100', '12:02 101 to 205']);
  expect(product.tracked).toHaveLength(205);
});

test('the next ones if pieces remain after two hours', async () => {
  const product = await awaited(120);
  await stock(product, 20);
  await product.forward('1 hour');
  await stock(product, 3);
  await product.forward('1 day');
  expect(turns(product)).toEqual(['12:00 1 to 100', '14:00 101 to 115', '16:00 116 to 120']);
});

test('out of stock again before their turn: not told, still waiting', async () => {
  const product = await awaited(7);
  await stock(product, 1);
  await product.forward('1 hour');
  await stock(product, 0);
  await product.forward('100 days');
  expect(turns(product)).toEqual(['12:00 1 to 5']);
  await product.forward('30 minutes');
  await stock(product, 40);
  expect(turns(product)).toEqual(['12:00 1 to 5', '13:32 6 to 7']);
});

test('asked twice: told once', async () => {
  const [product, ada, bob] = people();
  await ask(ada, ada, bob);
  await stock(product, 50);
  await product.forward('30 days');
  expect(times(ada, bob)).toEqual([['01-05T12:03'], ['01-05T12:03']]);
});

test('asked again after being told: in line again', async () => {
  const [product, ada] = people();
  await ask(ada);
  await stock(product, 1);
  await stock(product, 0);
  await product.forward('3 hours');
  await ask(ada);
  expect(times(ada)).toEqual([['01-05T12:01']]);
  await stock(product, 1);
  expect(times(ada)).toEqual([['01-05T12:01', '01-05T15:04']]);
});

test('bought elsewhere: out', async () => {
  const [product, ada, bob] = people();
  await ask(ada, bob);
  await ada.track(productBought, P7_BOUGHT);
  await bob.track(productBought, { ...P7_BOUGHT, product: 'P-8' });
  await stock(product, 50);
  expect(times(ada, bob)).toEqual([[], ['01-05T12:02']]);
});

test('whoever is out leaves their place to the next one, and joins at the end when they ask again', async () => {
  const [product, ada, bob] = people();
  await ask(ada);
  for (let n = 1; n <= 4; n++) await product.track(lineJoined, { ...P7, person: `${n}`, request: `R-${n}` });
  await ask(bob);
  await ada.track(productBought, P7_BOUGHT);
  await ada.forward('1 minute');
  await ask(ada);
  await stock(product, 1); // for five people
  expect(times(ada, bob)).toEqual([[], ['01-05T12:04']]);
  await product.forward('2 hours');
  expect(times(ada)).toEqual([['01-05T14:04']]);
});

test('asked while pieces are there: told at once', async () => {
  const [product, ada] = people();
  await stock(product, 1);
  await ask(ada);
  expect(times(ada)).toEqual([['01-05T12:01']]);
});

test('each product has a line of its own', async () => {
  const [product, ada] = people();
  await ada.track(restockRequested, { product: 'P-8' });
  await stock(product, 50);
  await product.forward('1 day');
  expect(times(ada)).toEqual([[]]);
});

test('it may be gone by the morning: the night does not hold it', async () => {
  const [product, ada] = people();
  await ask(ada);
  await product.forwardTo('2026-01-06T03:00:00Z');
  await stock(product, 50);
  expect(times(ada)).toEqual([['01-06T03:00']]);
});

test('after a year they no longer wait', async () => {
  const [product, ada, bob] = people();
  await ask(ada);
  await product.forward('364 days');
  await ask(bob);
  await product.forward('2 days');
  await stock(product, 50);
  expect(times(ada, bob)).toEqual([[], ['01-06T12:02']]);
});
