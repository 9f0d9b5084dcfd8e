import { CALLED } from '../user/commands';
import { compile } from '../outline/compile';
import fc from 'fast-check';
import { accountDeleted, orderPlaced, projectCreated, signedUp, unrestrained } from '../testing/properties/catalogue';
import { plans, type Ingredients } from '../testing/properties/random-journey';
import { BEGIN, deeds, define, policies, users } from '../testing/properties/random-life';
import { StoredUser } from '../testing/properties/stored-user';
import { type Definitions } from '../definitions/definitions';
import { ended } from '../authoring/ended';
import { activity } from '../authoring/event';
import { traitChanged } from '../authoring/trait-changed';
import { journey, type Journey, type Steps } from '../authoring/journey';
import { lifecycle } from '../authoring/lifecycle';
import type { Message, Run } from '../model/state';
import { manual } from '../user/triggers';

import { BacktestCount, type Backtest } from './backtest';
import { differences } from './difference';
import { replayLife, type Life, type LivedEvent } from './life';

const ANYTHING: Ingredients = {
  effects: true,
  unbounded: true,
  triggers: ['Start', 'A', 'A counted', 'silence', 'stage idle', 'upgraded'],
};
const DAY = 86_400_000;
const END = BEGIN + 60 * DAY;

it('a replayed life takes its original course, and two replays of it do not differ', () =>
  fc.assert(
    fc.asyncProperty(
      fc.tuple(plans('first', ANYTHING), plans('second', ANYTHING)),
      deeds(),
      users,
      policies,
      async (journeys, life, someone, limits) => {
        // On the server, the in-app channel always reaches a user.
        const person = { ...someone, reachable: [...new Set([...someone.reachable, 'inApp' as const])] };
        const definitions = await define(journeys, { policy: limits });
        const user = new StoredUser(person, definitions, { pending: 'all', history: 'complete' });
        for (const event of life) {
          await user.passUntil(event.receivedAt - 1);
          await user.receive(event);
        }
        await user.passUntil(END);
        const reachedByMail = person.reachable.includes('email');
        const stored: Life = {
          id: person.id,
          createdAt: person.createdAt,
          traits: { ...person.traits, ...(reachedByMail && { email: 'ada@example.com' }) },
          consent: person.consent ?? {},
          hasPush: person.reachable.includes('webPush'),
          events: [...life.map((event) => ({ ...event, type: 'track' })), ...answers(user)].sort(
            (a, b) => a.receivedAt - b.receivedAt,
          ),
        };
        const course = await replayLife(stored, definitions, END);
        expect(messagesOf(course.messages)).toEqual(messagesOf(user.messages));
        expect(course.runs.map(outline).sort()).toEqual(user.runs.map(outline).sort());
        expect(differences(course, await replayLife(stored, definitions, END), 0)).toEqual([]);
      },
    ),
    { numRuns: 100 },
  ));

/** The answers of the calls, in their stored form. */
function answers({ runs }: StoredUser): LivedEvent[] {
  return runs.flatMap(({ id: run, journal }) =>
    journal
      .filter((record) => record.status === 'done')
      .filter(({ kind }) => kind === 'call')
      .map(({ step, at }) => ({
        id: `${run}/${step}`,
        type: 'internal',
        name: CALLED,
        at,
        receivedAt: at,
        properties: { run, step, result: 'called' },
      })),
  );
}

function messagesOf(messages: ReadonlyMap<string, Message>): string[] {
  return [...messages.values()]
    .map(({ id, step, status, channel, decidedAt }) => JSON.stringify([id, step, status, channel, decidedAt]))
    .sort();
}

function outline({ id, status, enteredAt, endedAt, goalAt }: Run): string {
  return JSON.stringify([id, status, enteredAt, endedAt, goalAt]);
}

type Step = (j: Steps) => Promise<unknown>;
const NOON = Date.parse('2026-01-05T12:00:00Z');

const trial = (steps: readonly Step[], options: Partial<Pick<Journey, 'exit'>> = {}): Promise<Definitions> =>
  defined({ ...bare(steps), ...options });
const bare = (steps: readonly Step[]): Journey =>
  journey('trial', { enter: signedUp }, async (j) => {
    for (const step of steps) await step(j);
  });
const defined = (...journeys: readonly Journey[]): Promise<Definitions> =>
  compile({ journeys, lifecycle: lifecycle({ initial: 'new', rules: [] }), ...unrestrained, traits: {} });

const mail =
  (name: string, template = name): Step =>
  (j) =>
    j.send(name, { email: template });
const week: Step = (j) => j.sleep('a week', '7 days');

const received = (name: string, day: number): LivedEvent => {
  const at = NOON + day * DAY;
  return { id: `${name} ${day}`, type: 'track', name, at, receivedAt: at, properties: { plan: 'free' } };
};
const lifeOf = (...events: readonly LivedEvent[]): Life => ({
  id: 'ada',
  createdAt: NOON,
  traits: { email: 'ada@example.com' },
  consent: {},
  hasPush: false,
  events,
});

async function compare(before: Definitions, after: Definitions, life: Life, since = NOON): Promise<Backtest> {
  const count = new BacktestCount();
  const until = NOON + 30 * DAY;
  count.add(life.id, await replayLife(life, before, until), await replayLife(life, after, until), since);
  return count.result();
}
const kinds = ({ rows }: Backtest): string[] =>
  rows.map(({ kind, step, why }) => [kind, step, why].filter((part) => part !== null).join(' | ')).sort();

const signsUp = lifeOf(received('Signed Up', 0));

it('events received at the same moment are decided in one advance, like a request on the server', async () => {
  const definitions = await trial([mail('hello')], { exit: [accountDeleted.name] });
  const { messages, runs } = await replayLife(
    lifeOf(received('Signed Up', 0), received('Account Deleted', 0)),
    definitions,
    NOON + DAY,
  );
  expect([[...messages.values()], runs.map(({ status }) => status)]).toEqual([[], ['exited']]);
});

it('an additional message is counted by channel, and the step where the paths part is named', async () => {
  const result = await compare(
    await trial([mail('welcome'), week]),
    await trial([mail('welcome'), mail('tips'), week]),
    signsUp,
  );
  expect(result).toMatchObject({
    people: 1,
    differing: 1,
    sent: [{ journey: 'trial', channel: 'email', before: 1, after: 2 }],
  });
  expect(kinds(result)).toEqual([
    'more | tips | not reached → sent: allowed',
    'take another way | tips | a week done: 7 days → tips done: allowed',
  ]);
});

it.each<[string, readonly Step[], readonly string[]]>([
  [
    'a message fewer',
    [week],
    ['fewer | bye | sent: allowed → not reached', 'take another way | bye | bye done: allowed → nothing'],
  ],
  [
    'a message at another time',
    [(j) => j.sleep('a week', '2 days'), mail('bye')],
    [
      'at another time | bye | sent: allowed → sent: allowed',
      'leave earlier | completed: finished → completed: finished',
      'take another way | a week | a week done: 7 days → a week done: 2 days',
    ],
  ],
  [
    'a message worded otherwise',
    [week, mail('bye', 'farewell')],
    ['worded otherwise | bye | sent: allowed → sent: allowed'],
  ],
  [
    'an error',
    [week, () => Promise.reject(new Error('broken'))],
    [
      'fewer | bye | sent: allowed → not reached',
      'leave later | completed: finished → inside',
      'parked | a week | broken',
      'take another way | bye | bye done: allowed → nothing',
    ],
  ],
])('%s is reported, and nothing else', async (_, after, expected) => {
  expect(kinds(await compare(await trial([week, mail('bye')]), await trial(after), signsUp))).toEqual(expected);
});

it('a shortened wait is a difference only for those who reach its end', async () => {
  const projectWithin = (within: '4 days' | '2 days'): Promise<Definitions> =>
    trial([(j) => j.waitFor('a project', projectCreated, { within }), week]);
  const [before, after] = [await projectWithin('4 days'), await projectWithin('2 days')];
  expect(kinds(await compare(before, after, lifeOf(received('Signed Up', 0), received('Project Created', 1))))).toEqual(
    [],
  );
  expect(kinds(await compare(before, after, signsUp))).toEqual([
    'leave earlier | completed: finished → completed: finished',
    'take another way | a project | a project done: timeout → sooner',
  ]);
});

it('an entry into a new journey and a departure by a new exit are reported', async () => {
  const orders = journey('orders', { enter: orderPlaced }, async (j) => {
    await j.sleep('a day', '1 day');
  });
  const before = await trial([week, mail('bye')]);
  const after = await defined({ ...bare([week, mail('bye')]), exit: [accountDeleted.name] }, orders);
  const life = lifeOf(received('Signed Up', 0), received('Order Placed', 1), received('Account Deleted', 2));
  expect(kinds(await compare(before, after, life))).toEqual([
    'enter | Order Placed',
    'fewer | bye | sent: allowed → not reached',
    'leave earlier | completed: finished → exited: Account Deleted',
    'take another way | a week | a week done: 7 days → a week waiting: 7 days',
  ]);
});

it('a start that an edit adds is reported with all that the started journey does', async () => {
  const course = journey('course', { enter: manual() }, async (j) => {
    await j.send('lesson', { email: 'lesson' });
  });
  const before = await defined(bare([week]), course);
  const start: Step = (j) => j.start('give', 'course');
  const end: Step = (j) => j.waitFor('over', ended('course'), { within: '7 days' });
  const after = await defined(bare([start, end, week]), course);
  const result = await compare(before, after, signsUp);
  expect(result.sent).toEqual([{ journey: 'course', channel: 'email', before: 0, after: 1 }]);
  expect(kinds(result)).toEqual([
    'enter | started by trial',
    'more | lesson | not reached → sent: allowed',
    'take another way | give | a week done: 7 days → give done: course',
  ]);
  expect((await compare(after, before, signsUp)).totals).toMatchObject({ 'do not enter': 1, fewer: 1 });
});

it('decisions before the period are not counted, but later decisions build on them', async () => {
  const before = await trial([mail('welcome'), week, mail('bye')]);
  const after = await trial([mail('hello'), week, mail('bye'), mail('survey')]);
  expect(kinds(await compare(before, after, signsUp, NOON + 5 * DAY))).toEqual([
    'more | survey | not reached → sent: allowed',
  ]);
});

it('traits have the values of the time, and a call without a stored answer answers null', async () => {
  const identify = { ...received('Identify', 3), type: 'identify', properties: { plan: 'pro' } };
  const life = { ...lifeOf(received('Signed Up', 0), identify), traits: { email: 'a@example.com', plan: 'pro' } };
  const answers: unknown[] = [];
  const definitions = await trial([
    (j) => j.pick('at first', ({ user }) => user.traits['plan'] ?? ''),
    async (j) => answers.push(await j.call('elsewhere', () => Promise.resolve('answer'))),
    (j) => j.waitFor('a project', projectCreated, { within: '4 days' }),
    (j) => j.pick('later', ({ user }) => user.traits['plan'] ?? ''),
  ]);
  const { runs } = await replayLife(life, definitions, NOON + 30 * DAY);
  expect(runs[0]?.journal.map(({ outcome }) => outcome)).toEqual(['', null, null, 'pro']);
  expect(answers.at(-1)).toBeNull();
});

it('an identify counts as activity of a user that the engine knows', async () => {
  const awaiting = journey('awaiting', { enter: signedUp }, async (j) => {
    await j.waitFor('anything', activity, { within: '7 days' });
  });
  const definitions = await defined(awaiting);
  const identified = (day: number): LivedEvent => ({ ...received('Identify', day), type: 'identify', properties: {} });
  const { runs } = await replayLife(lifeOf(identified(0), received('Signed Up', 1), identified(3)), definitions, END);
  expect(runs).toMatchObject([{ status: 'completed', journal: [{ outcome: { name: 'Identify' } }] }]);
});

describe('changes of a trait', () => {
  const identified = (day: number, plan: string): LivedEvent => ({
    ...received('Identify', day),
    type: 'identify',
    properties: { plan },
  });
  const told = (day: number, from: string | null, to: string): LivedEvent => ({
    ...received('Trait Changed: plan', day),
    id: `told ${day}`,
    properties: { trait: 'plan', from, to },
    active: false,
  });
  const upgraded = journey('upgraded', { enter: traitChanged('plan', { to: 'pro' }), reenter: 'always' }, (j) =>
    j.award('thanks', { points: 1 }),
  );
  const entries = async (...events: LivedEvent[]): Promise<number> =>
    (await replayLife(lifeOf(...events), await defined(upgraded), END)).runs.length;

  it('are found in the calls if no journey watched the trait then', async () => {
    const calls = [identified(0, 'free'), identified(1, 'pro'), identified(2, 'pro'), identified(3, 'free')];
    expect(await entries(...calls, identified(4, 'pro'))).toBe(2);
  });

  it('are those that are stored, each once, if some are', async () => {
    expect(
      await entries(identified(1, 'pro'), identified(2, 'free'), identified(4, 'pro'), told(4, 'free', 'pro')),
    ).toBe(1);
  });
});
