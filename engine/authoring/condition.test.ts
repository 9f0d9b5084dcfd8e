import { completeConsent } from '../model/consent';
import fc from 'fast-check';
import type { Json, JsonObject } from '../model/json';
import { condition, holds, type ConditionData } from './condition';

const SIGNED_UP = { name: 'Signed Up', at: 500, properties: { plan: 'free' } };
const DONE = {
  count: () => 3,
  sum: () => 99.5,
  days: () => ['2026-01-04'],
  streak: () => 2,
  list: () => [],
  first: null,
  last: null,
};
const data = (traits: JsonObject): ConditionData => ({
  now: 1_000,
  local: { date: '2026-01-05', weekday: 1, time: '09:00' },
  did: () => ({ ...DONE, of: () => ({ ...DONE, count: () => 30 }) }),
  group: (type) => ({
    id: type === 'company' ? 'acme' : null,
    traits: type === 'company' ? { seats: 5, owner: { plan: 'pro' } } : {},
    members: { count: 7, list: () => [] },
  }),
  user: {
    id: 'ada',
    traits,
    stage: 'active',
    createdAt: 400,
    lastSeenAt: 900,
    consent: completeConsent({ webPush: false }),
    points: 30,
    badges: ['builder'],
    flags: { beta: true },
  },
  entered: SIGNED_UP,
  event: SIGNED_UP,
  steps: { 'first order': { name: 'Order Placed', at: 800, properties: { total: 500 } }, 'second order': null },
});

it.each<[Json, boolean]>([
  [{ '==': [{ var: 'user.traits.plan' }, 'pro'] }, true],
  [{ '==': [{ var: 'event.properties.plan' }, 'pro'] }, false],
  [{ '==': [{ var: 'entered.properties.plan' }, 'free'] }, true],
  [{ '>': [{ var: 'steps.first order.properties.total' }, 100] }, true],
  [{ '>': [{ var: 'steps.second order.properties.total' }, 100] }, false],
  [{ '-': [{ var: 'steps.first order.at' }, { var: 'event.at' }] }, true],
  [{ '>': [{ '-': [{ var: 'now' }, { var: 'user.createdAt' }] }, 500] }, true],
  [{ in: ['builder', { var: 'user.badges' }] }, true],
  [{ in: [{ var: 'user.stage' }, ['new', 'active']] }, true],
  [{ and: [{ var: 'user.flags.beta' }, { '!': { var: 'user.traits.missing' } }] }, true],
  [{ '===': [{ var: ['user.traits.missing', 'nothing'] }, 'nothing'] }, true],
  [{ '>': [{ var: 'user.traits.plan' }, 3] }, false],
  [{ '<': [1, { var: 'user.traits.seats' }, 10] }, true],
  [{ '==': [{ var: 'local.weekday' }, 1] }, true],
  [{ '>=': [{ did: ['Order Placed', 'count', '30 days'] }, 3] }, true],
  [{ '<': [{ did: [{ event: 'Order Placed', where: { plan: 'pro' } }, 'sum', 'total'] }, 99] }, false],
  [{ '==': [{ '+': [{ did: ['Order Placed', 'streak'] }, { did: ['Order Placed', 'days'] }] }, 3] }, true],
  [{ '!': { did: ['Order Placed', 'last'] } }, true],
  [{ '>=': [{ did: [{ event: 'Order Placed', of: 'company' }, 'count'] }, 30] }, true],
  [{ '<': [{ var: 'group.company.traits.seats' }, 6] }, true],
  [{ '==': [{ var: 'group.company.traits.owner.plan' }, 'pro'] }, true],
  [{ '==': [{ var: ['group.team.traits.seats', 1] }, 1] }, true],
  [{ '==': [{ var: 'group.company.members' }, 7] }, true],
  [{ and: [{ var: 'group.company.id' }, { '!': { var: 'group.team.id' } }] }, true],
])('%j is %j', (given, expected) => {
  expect(holds(condition.parse(given), data({ plan: 'pro', seats: 4 }))).toBe(expected);
});

it.each<[string, Json, (string | number)[]]>([
  ['an unknown operator', { log: 'secret' }, []],
  ['an operator over lists', { map: [{ var: 'user.badges' }, 1] }, []],
  ['two operators', { and: [true], or: [true] }, []],
  ['an unknown fact', { and: [true, { '==': [{ var: 'user.email' }, 1] }] }, ['and', 1, '==', 0, 'var']],
  ['an inherited property of an object', { var: 'user.traits.constructor' }, ['var']],
  ['all facts at once', { var: '' }, ['var']],
  ['too few arguments', { '==': [1] }, ['==']],
  ['an unknown question', { '>': [{ did: ['Order Placed', 'mean'] }, 1] }, ['>', 0, 'did']],
  ['a question about anything', { did: ['*', 'count'] }, ['did']],
  ['a question without its property', { did: ['Order Placed', 'sum'] }, ['did']],
])('%s is refused at its own place', (_, given, path) => {
  const { error } = condition.safeParse(given);
  expect(error?.issues.some((issue) => JSON.stringify(issue.path) === JSON.stringify(path))).toBe(true);
});

it('a condition has the same result every time, whatever the traits are', () =>
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom('==', '<', '>=', '!=='), (trait, operator) => {
      const checked = condition.parse({ [operator]: [{ var: 'user.traits.any' }, { var: 'user.points' }] });
      const facts = data({ any: trait as Json });
      const answer = (): boolean | string => {
        try {
          return holds(checked, facts);
        } catch (error) {
          return String(error);
        }
      };
      expect(answer()).toBe(answer());
    }),
  ));
