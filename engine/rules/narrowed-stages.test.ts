import { z } from 'zod';
import { event } from '../authoring/event';
import { journey } from '../authoring/journey';
import { lifecycle } from '../authoring/lifecycle';
import { traveller, type Traveller } from '../testing/traveller';
import { stage } from '../user/triggers';

/** Stage rules with an event that a filter narrows; see `docs/semantics.md`. */

const ordered = event('Ordered', z.object({ total: z.number() }), { total: 7 });
const returned = event('Returned', z.object({ all: z.boolean() }), { all: true });

const welcome = journey('welcome', { enter: stage('customer') }, (j) => j.award('welcome', { points: 1 }));
const stages = lifecycle({
  initial: 'new',
  rules: [
    { from: ['new'], to: 'customer', on: ordered.where({ total: { atLeast: 100 } }) },
    { from: ['new'], to: 'buyer', on: ordered },
    { from: ['customer'], to: 'lost', on: returned.where(({ properties }) => properties.all) },
  ],
});
const somebody = (): Traveller => traveller(welcome, { with: { lifecycle: stages } });

it('a stage rule means the events that pass its filter', async () => {
  const [ada, bob] = [somebody(), somebody()];
  await ada.track(ordered, { total: 100 });
  await bob.track(ordered, { total: 99 });
  expect([ada.stage, ada.profile.points]).toEqual(['customer', 1]);
  expect([bob.stage, bob.profile.points]).toEqual(['buyer', 0]);
  await ada.track(returned, { all: false });
  expect(ada.stage).toBe('customer');
  await ada.track(returned, { all: true });
  expect(ada.stage).toBe('lost');
});

it('so does one that considers an event again because an earlier one came late', async () => {
  const [ada, bob] = [somebody(), somebody()];
  await ada.track(returned, { all: false });
  await bob.track(returned, { all: true });
  for (const one of [ada, bob]) await one.track(ordered, { total: 100 }, { ago: '1 hour' });
  expect([ada.stage, bob.stage]).toEqual(['customer', 'lost']);
});
