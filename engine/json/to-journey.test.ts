import { compile } from '../outline/compile';
import fc from 'fast-check';
import { toDefinition, withoutCalls } from '../testing/properties/defined-plan';
import { EVENTS, type Plan } from '../testing/properties/plan';
import { plans } from '../testing/properties/random-journey';
import { BEGIN, deeds, define, policies, users, type Deed } from '../testing/properties/random-life';
import { StoredUser } from '../testing/properties/stored-user';

import type { EventDefinition } from '../authoring/event';
import type { Journey } from '../authoring/journey';
import { OWN_CHANNEL_DEFAULTS, type ChannelSpec } from '../model/channels';
import { traveller } from '../testing/traveller';
import { toJourney } from './to-journey';
import { journeyDefinition } from './schema';

const YEAR = 365 * 86_400_000;
const CATALOGUE = new Map(
  EVENTS.map((name): [string, EventDefinition] => [name, { kind: 'event', name, schema: null, example: { key: 'x' } }]),
);

const definable = plans('first', {
  effects: true,
  unbounded: true,
  triggers: ['Start', 'A', 'A or B', 'A counted', 'silence', 'stage idle', 'upgraded'],
})
  .map(withoutCalls)
  .filter(({ steps }) => steps.length > 0)
  .chain((plan) => fc.constantFrom(plan, byLine(plan)));

const LINE: ChannelSpec = { name: 'line', label: 'LINE', address: { by: 'id' }, ...OWN_CHANNEL_DEFAULTS };

/** The same plan with a channel of the team's own in place of the app. */
function byLine(plan: Plan): Plan {
  return JSON.parse(JSON.stringify(plan).replaceAll('"inApp"', '"line"')) as Plan;
}

async function live(user: StoredUser, life: readonly Deed[]): Promise<object> {
  for (const deed of life) {
    await user.passUntil(deed.receivedAt - 1);
    await user.receive(deed);
  }
  await user.passUntil(BEGIN + YEAR);
  // Only the version of the definitions may differ.
  return JSON.parse(JSON.stringify(user.outcome).replaceAll(user.definitions.version, 'the version')) as object;
}

it('a journey as data decides the same as the journey as code', () =>
  fc.assert(
    fc.asyncProperty(definable, deeds(), users, policies, async (plan, life, person, policy) => {
      const code = await define([plan], { policy, channels: [LINE] });
      const definition = journeyDefinition.parse(JSON.parse(JSON.stringify(toDefinition(plan))));
      const data = await compile({ ...code, journeys: [toJourney(plan.id, definition, CATALOGUE, [LINE])] });
      const keeping = { pending: 'awaited', history: 'limited' } as const;
      const expected = await live(new StoredUser(person, code, keeping), life);
      expect(await live(new StoredUser(person, data, keeping), life)).toEqual(expected);
    }),
    { numRuns: 200 },
  ));

it('an unknown event or an invalid id is refused', () => {
  const definition = journeyDefinition.parse({
    enter: { kind: 'event', event: 'Nowhere' },
    steps: [{ kind: 'exit', step: 'out' }],
  });
  expect(() => toJourney('fine', definition, CATALOGUE)).toThrow("There is no event 'Nowhere'");
  expect(() => toJourney('Not Fine', { ...definition, enter: { kind: 'manual' } }, CATALOGUE)).toThrow(TypeError);
});

it('the catalogue wins for an event that is also declared', () => {
  const definition = journeyDefinition.parse({
    enter: { kind: 'event', event: 'Start' },
    events: { Start: { example: { key: 'declared' } } },
    steps: [{ kind: 'exit', step: 'out' }],
  });
  expect(toJourney('fine', definition, CATALOGUE).enter).toBe(CATALOGUE.get('Start'));
});

it('redirections and the budget become those of the journey', () => {
  const definition = journeyDefinition.parse({
    enter: { kind: 'manual' },
    onEdit: { from: 'before', to: 'out' },
    budget: { messages: 2, within: '1 week' },
    steps: [{ kind: 'exit', step: 'out' }],
  });
  expect(toJourney('sent-on', definition, CATALOGUE)).toMatchObject({
    onEdit: [{ from: 'before', to: 'out' }],
    budget: { messages: 2, withinMs: 7 * 86_400_000 },
  });
});

it('an exit that an edit put behind the position is skipped, and the steps after it run', async () => {
  const rest = { kind: 'sleep', step: 'rest', duration: '7 days' };
  const prize = { kind: 'award', step: 'prize', points: 5 };
  const make = (...steps: readonly object[]): Journey =>
    toJourney('trial', journeyDefinition.parse({ enter: { kind: 'event', event: 'Start' }, steps }), CATALOGUE);
  const ada = traveller(make(rest, prize));
  await ada.track({ kind: 'event', name: 'Start', schema: null, example: {} }, {});
  await ada.deploy(make({ kind: 'exit', step: 'out' }, rest, prize));
  await ada.forward('7 days');
  expect(ada.journal).toMatchObject([
    { step: 'out', status: 'skipped', cause: 'behind' },
    { step: 'rest', status: 'done' },
    { step: 'prize', status: 'done' },
  ]);
  expect(ada.runs).toMatchObject([{ status: 'completed' }]);
});

it('freshness is a duration, as in code', () => {
  const definition = journeyDefinition.parse({
    enter: { kind: 'event', event: 'A' },
    freshness: '2 hours',
    steps: [{ kind: 'award', step: 'prize', points: 1 }],
  });
  expect(toJourney('fresh', definition, CATALOGUE)).toMatchObject({ freshness: 7_200_000 });
});
