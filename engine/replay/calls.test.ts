import { compile } from '../outline/compile';
import { signedUp, unrestrained } from '../testing/properties/catalogue';
import { StoredUser } from '../testing/properties/stored-user';
import { workOf } from './calls';
import { exampleFacts } from './steps/facts';
import { type Definitions } from '../definitions/definitions';
import { journey, type Journey } from '../authoring/journey';
import { lifecycle } from '../authoring/lifecycle';
import type { Run, StepRecord } from '../model/state';

const decided: StepRecord = {
  step: 'on a free plan',
  kind: 'check',
  status: 'done',
  outcome: true,
  enteredAt: 0,
  at: 0,
  reason: '',
  facts: {},
};
const open: StepRecord = {
  step: 'risk',
  kind: 'call',
  status: 'waiting',
  enteredAt: 0,
  until: null,
  awaits: [],
  hold: null,
  awaitsAnswer: true,
  reason: '',
  facts: {},
};

const run: Run = {
  id: 'run',
  journey: 'scoring',
  key: null,
  status: 'active',
  enteredAt: 0,
  since: 0,
  trigger: { id: '1', name: 'Signed Up', at: 0, properties: { plan: 'free' } },
  journal: [decided, open],
  consumed: [],
  goalAt: null,
  endedAt: null,
  reason: '',
  failure: null,
};

const scoring = (name: string): Journey =>
  journey('scoring', { enter: signedUp }, async (j) => {
    const free = await j.check('on a free plan', () => false);
    await j.call(name, ({ user }) =>
      Promise.resolve(`${user.id}, ${free ? 'free' : 'paying'}, ${j.event.properties.plan}`),
    );
  });

const { user } = exampleFacts({});
const context = { idempotencyKey: 'key', now: 0, user: { ...user, id: 'ada' } };

it('finds the function of an open call, which sees the recorded outcomes and the entering event', async () => {
  const work = await workOf(scoring('risk'), run, 'risk');
  expect(await work?.work(context)).toBe('ada, free, free');
});

it('finds nothing if an edit removed the step, or the code does not reach it', async () => {
  expect(await workOf(scoring('chance'), run, 'risk')).toBeNull();
  expect(await workOf(scoring('risk'), { ...run, journal: [] }, 'risk')).toBeNull();
});

const defined = (...journeys: readonly Journey[]): Promise<Definitions> =>
  compile({ journeys, lifecycle: lifecycle({ initial: 'new', rules: [] }), ...unrestrained, traits: {} });
const broken = journey('scoring', { enter: signedUp }, () => Promise.reject(new Error('broken')));

it.each([
  ['its run is parked', [broken]],
  ['the definitions lack its journey', []],
] as const)(
  'an answer that arrives while %s is used when the run goes on, without a second call',
  async (_what, between) => {
    const good = await defined(scoring('risk'));
    const ada = { id: 'ada', traits: {}, reachable: [], createdAt: 0 };
    const user = new StoredUser(ada, good, { pending: 'awaited', history: 'limited' });
    user.store({ id: '1', name: 'Signed Up', at: 1, receivedAt: 1, properties: { plan: 'free' } });
    const [call] = (await user.advanceOnce(1)).effects.calls;
    user.definitions = await defined(...between);
    expect((await user.advanceOnce(2)).effects.calls).toEqual([]);
    user.answerCall(call ?? { runId: '', journey: '', step: '' }, 3);
    await user.advanceOnce(3);
    user.definitions = good;
    expect((await user.advanceOnce(4)).effects.calls).toEqual([]);
    expect(user.runs).toMatchObject([{ status: 'completed' }]);
  },
);
