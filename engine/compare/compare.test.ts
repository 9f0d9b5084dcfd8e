import { CALLED } from '../user/commands';
import { compile } from '../outline/compile';
import fc from 'fast-check';
import { accountDeleted, orderPlaced, projectCreated, signedUp, unrestrained } from '../testing/properties/catalogue';
import { plans, type Ingredients } from '../testing/properties/random-journey';
import { BEGIN, deeds, define, policies, users } from '../testing/properties/random-life';
import { StoredUser } from '../testing/properties/stored-user';
import { type Definitions } from '../definitions/definitions';
import { activity } from '../authoring/event';
import { journey, type Journey, type Steps } from '../authoring/journey';
import { lifecycle } from '../authoring/lifecycle';
import type { Message, Run } from '../model/state';

import { BacktestCount, type Backtest } from './backtest';
import { differences } from './difference';
import { replayLife, type Life, type LivedEvent } from './life';

const ANYTHING: Ingredients = {
  effects: true,
  unbounded: true,
  triggers: ['Start', 'A', 'A counted', 'silence', 'stage idle'],
};
const DAY = 86_400_000;
const END = BEGIN + 60 * DAY;

it('a life lived again takes the course it took, and differs in nothing from itself', () =>
  fc.assert(
    fc.asyncProperty(
      fc.tuple(plans('first', ANYTHING), plans('second', ANYTHING)),
      deeds(),
      users,
      policies,
      async (journeys, life, someone, limits) => {
        // On the server the app itself always reaches a person.
        const person = { ...someone, reachable: [...new Set([...someone.reachable, 'inApp' as const])] };
        const definitions = await define(journeys, { policy: limits });
        const user = new StoredUser(person, definitions, { pending: 'all', history: 'complete' });
        for (const deed of life) {
          await user.passUntil(deed.receivedAt - 1);
          await user.receive(deed);
        }
        await user.passUntil(END);
        const reachedByMail = person.reachable.includes('email');
        const stored: Life = {
          id: person.id,
          createdAt: person.createdAt,
          traits: { ...person.traits, ...(reachedByMail && { email: 'ada@example.com' }) },
          consent: person.consent ?? {},
          hasPush: person.reachable.includes('webPush'),
          events: [...life.map((deed) => ({ ...deed, type: 'track' })), ...answers(user)].sort(
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

/** The answers of the calls, as they are stored. */
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

const happened = (name: string, day: number): LivedEvent => {
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

const signsUp = lifeOf(happened('Signed Up', 0));

it('what was received at one moment came in one request, and is decided in one go as on the server', async () => {
  const definitions = await trial([mail('hello')], { exit: [accountDeleted.name] });
  const { messages, runs } = await replayLife(
    lifeOf(happened('Signed Up', 0), happened('Account Deleted', 0)),
    definitions,
    NOON + DAY,
  );
  expect([[...messages.values()], runs.map(({ status }) => status)]).toEqual([[], ['exited']]);
});

it('a message more is a message more, by channel, with the step where the ways part', async () => {
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
])('%s is that and nothing else', async (_, after, expected) => {
  expect(kinds(await compare(await trial([week, mail('bye')]), await trial(after), signsUp))).toEqual(expected);
});

it('a wait that was shortened is a difference to those it is over sooner for, and to nobody else', async () => {
  const projectWithin = (within: '4 days' | '2 days'): Promise<Definitions> =>
    trial([(j) => j.waitFor('a project', projectCreated, { within }), week]);
  const [before, after] = [await projectWithin('4 days'), await projectWithin('2 days')];
  expect(kinds(await compare(before, after, lifeOf(happened('Signed Up', 0), happened('Project Created', 1))))).toEqual(
    [],
  );
  expect(kinds(await compare(before, after, signsUp))).toEqual([
    'leave earlier | completed: finished → completed: finished',
    'take another way | a project | a project done: timeout → sooner',
  ]);
});

it('who enters a new journey, and who leaves by a new exit', async () => {
  const orders = journey('orders', { enter: orderPlaced }, async (j) => {
    await j.sleep('a day', '1 day');
  });
  const before = await trial([week, mail('bye')]);
  const after = await defined({ ...bare([week, mail('bye')]), exit: [accountDeleted.name] }, orders);
  const life = lifeOf(happened('Signed Up', 0), happened('Order Placed', 1), happened('Account Deleted', 2));
  expect(kinds(await compare(before, after, life))).toEqual([
    'enter | Order Placed',
    'fewer | bye | sent: allowed → not reached',
    'leave earlier | completed: finished → exited: Account Deleted',
    'take another way | a week | a week done: 7 days → a week waiting: 7 days',
  ]);
});

it('what was decided before the period is not counted, but is where it goes on from', async () => {
  const before = await trial([mail('welcome'), week, mail('bye')]);
  const after = await trial([mail('hello'), week, mail('bye'), mail('survey')]);
  expect(kinds(await compare(before, after, signsUp, NOON + 5 * DAY))).toEqual([
    'more | survey | not reached → sent: allowed',
  ]);
});

it('traits are as they were at the time, and a call that was never made answers null', async () => {
  const identify = { ...happened('Identify', 3), type: 'identify', properties: { plan: 'pro' } };
  const life = { ...lifeOf(happened('Signed Up', 0), identify), traits: { email: 'a@example.com', plan: 'pro' } };
  const answers: unknown[] = [];
  const looks = await trial([
    (j) => j.pick('at first', ({ user }) => user.traits['plan'] ?? ''),
    async (j) => answers.push(await j.call('elsewhere', () => Promise.resolve('answer'))),
    (j) => j.waitFor('a project', projectCreated, { within: '4 days' }),
    (j) => j.pick('later', ({ user }) => user.traits['plan'] ?? ''),
  ]);
  const { runs } = await replayLife(life, looks, NOON + 30 * DAY);
  expect(runs[0]?.journal.map(({ outcome }) => outcome)).toEqual(['', null, null, 'pro']);
  expect(answers.at(-1)).toBeNull();
});

it('an identify is a sign of life to whom the engine knows', async () => {
  const wakeful = journey('wakeful', { enter: signedUp }, async (j) => {
    await j.waitFor('anything', activity, { within: '7 days' });
  });
  const definitions = await defined(wakeful);
  const identified = (day: number): LivedEvent => ({ ...happened('Identify', day), type: 'identify', properties: {} });
  const { runs } = await replayLife(lifeOf(identified(0), happened('Signed Up', 1), identified(3)), definitions, END);
  expect(runs).toMatchObject([{ status: 'completed', journal: [{ outcome: { name: 'Identify' } }] }]);
});
