import fc from 'fast-check';
import { projectCreated } from '../testing/properties/catalogue';
import { deployments, editions, live } from '../testing/properties/edited-life';
import { EVERY_KIND } from '../testing/properties/random-edit';
import { plans, type Ingredients } from '../testing/properties/random-journey';
import { deeds, define, users } from '../testing/properties/random-life';
import { StoredUser } from '../testing/properties/stored-user';
import { mail, sent, signUp, trial, type Step } from '../testing/properties/trial';

/**
 * Rule 2, for messages: a user does not get a message again because an edit renamed its step. The stored user refuses a second
 * message from the same template in one run.
 */

const BOUNDED: Ingredients = { effects: true, unbounded: false, triggers: ['Start', 'A'] };

it.each([
  ['steps are renamed one by one', ['rename']],
  ['whole journeys are renamed', ['rename', 'rename all']],
  ['journeys are edited in any way', EVERY_KIND],
] as const)('no message is repeated when %s, and changed back, with or without an advance between', (_, kinds) =>
  fc.assert(
    fc.asyncProperty(
      plans('only', BOUNDED),
      deeds(),
      deployments(BOUNDED, kinds, fc.boolean()),
      users,
      async (initial, life, deploys, person) => {
        const plansAfter = editions([initial], deploys);
        const user = new StoredUser(person, await define([initial]), { pending: 'awaited', history: 'limited' });
        await live(user, life, deploys, async ({ at, told }, count) => {
          user.definitions = await define(plansAfter[count] ?? []);
          if (told) await user.advance(at);
        });
        expect(user.runs.filter(({ endedAt }) => endedAt === null)).toEqual([]);
      },
    ),
    { numRuns: 200 },
  ),
);

const sleep =
  (step: string): Step =>
  (j) =>
    j.sleep(step, '7 days');
const award =
  (step: string): Step =>
  (j) =>
    j.award(step, { points: 1 });

it('a message that is renamed in one edit with the wait after it is recognized by its template', async () => {
  const ada = await signUp(mail('welcome', 'hi'), sleep('a week'), mail('bye', 'bye'));
  await ada.deploy(trial(mail('hello', 'hi'), sleep('seven days'), mail('bye', 'bye')));
  expect(ada.why('hello')).toMatch(`'hello' skipped: renamed {"status":"sent","channel":"email","reason":"allowed"}`);
  expect(ada.journal.map(({ step }) => step)).toEqual(['welcome', 'hello', 'a week', 'seven days']);
  await ada.forward('7 days');
  expect(sent(ada)).toEqual(['welcome', 'bye']);
});

it('a renamed message is the position, and new steps before it are behind the position', async () => {
  const ada = await signUp(mail('welcome', 'hi'), sleep('a week'));
  await ada.deploy(trial(award('early'), mail('hello', 'hi'), award('late'), sleep('seven days')));
  expect(ada.journal.map(({ step, reason }) => [step, reason])).toEqual([
    ['welcome', 'allowed'],
    ['early', 'behind the position'],
    ['hello', 'renamed'],
    ['a week', 'removed from the journey'],
    ['late', '1 points'],
    ['seven days', '7 days'],
  ]);
});

it('the code gets the outcome that the message had under its old name', async () => {
  const asking =
    (step: string, ...then: readonly Step[]): Step =>
    async (j) => {
      if ((await j.send(step, { email: 'hi' })).status === 'sent') for (const next of then) await next(j);
    };
  const ada = await signUp(asking('welcome', sleep('a week')));
  await ada.deploy(trial(asking('hello', award('new'), sleep('a week'))));
  expect(ada.why('new')).toMatch('behind the position');
  expect(ada.why('a week')).toMatch('waits for 7 days, 7 d to go');
});

it('each record is taken over once, so two messages from one template stay two', async () => {
  const ada = await signUp(mail('first', 'tip'), sleep('a week'), mail('second', 'tip'));
  await ada.deploy(trial(mail('one', 'tip'), sleep('seven days'), mail('two', 'tip')));
  await ada.forward('7 days');
  expect(sent(ada)).toEqual(['first', 'two']);
});

it('a further message from the same template is new as long as the code has the old one, before or after it', async () => {
  const ada = await signUp(mail('first', 'tip'), sleep('a week'));
  await ada.deploy(trial(mail('zeroth', 'tip'), mail('first', 'tip'), sleep('a week'), mail('second', 'tip')));
  expect(ada.why('zeroth')).toMatch('behind the position');
  await ada.deploy(trial(mail('zeroth', 'tip'), mail('one', 'tip'), sleep('seven days'), mail('second', 'tip')));
  expect(ada.why('one')).toMatch('renamed');
  await ada.forward('7 days');
  expect(sent(ada)).toEqual(['first', 'second']);
});

it('a further message is also new if the code has the old one under its new name, or under its old name again', async () => {
  const ada = await signUp(mail('first', 'tip'), sleep('a week'));
  await ada.deploy(trial(mail('one', 'tip'), sleep('a week')));
  await ada.deploy(trial(mail('first', 'tip'), sleep('a week'), mail('second', 'tip')));
  await ada.forward('7 days');
  expect(sent(ada)).toEqual(['first', 'second']);
});

it('a card is another message with each of its data, even if an edit removes one of them', async () => {
  const card =
    (step: string, state: string): Step =>
    (j) =>
      j.send(step, { email: 'card' }, { data: { state } });
  const ada = await signUp(card('received', 'received'), card('preparing', 'preparing'), sleep('a week'));
  await ada.deploy(trial(card('received', 'received'), sleep('a week'), card('ready', 'ready')));
  await ada.forward('7 days');
  expect(sent(ada)).toEqual(['received', 'preparing', 'ready']);
});

it('a user who got a message that an edit removed does not get one with the same content in its place', async () => {
  const ada = await signUp(mail('first', 'tip'), sleep('a week'));
  await ada.deploy(trial(sleep('a week'), mail('second', 'tip'), mail('third', 'tip')));
  await ada.forward('7 days');
  expect(sent(ada)).toEqual(['first', 'third']);
});

it('a message by another channel, or from another template, is another message', async () => {
  const ada = await signUp(mail('welcome', 'hi'), sleep('a week'));
  await ada.deploy(trial((j) => j.send('pushed', { webPush: 'hi' }), mail('hello', 'good day'), sleep('seven days')));
  expect(sent(ada)).toEqual(['welcome', 'pushed', 'hello']);
});

it('a run that was parked right after a message does not repeat it if the code is fixed and renamed at once', async () => {
  const ada = await signUp(mail('welcome', 'hi'), () => Promise.reject(new Error('no')));
  await ada.deploy(trial(mail('hello', 'hi'), sleep('a week')));
  expect(sent(ada)).toEqual(['welcome']);
});

it('a message is also recognized on a way to which the user comes back later', async () => {
  const nested =
    (wait: string, step: string): Step =>
    async (j) => {
      if (!(await j.waitFor(wait, projectCreated))) return;
      await j.send(step, { email: 'hi' });
      await j.sleep('a week', '7 days');
    };
  const ada = await signUp(nested('project', 'welcome'));
  await ada.track(projectCreated, { name: 'Engine' });
  await ada.deploy(trial(nested('a project', 'welcome')));
  await ada.deploy(trial(nested('a project', 'hello')));
  await ada.track(projectCreated, { name: 'Compiler' });
  expect(sent(ada)).toEqual(['welcome']);
  expect(ada.why('hello')).toMatch('renamed');
});

it.each([
  ['before the message is back', []],
  ['once the message was back', [trial(mail('first', 'tip'), sleep('a week'))]],
])('a message whose name was meanwhile that of another step is recognized, renamed %s', async (_, between) => {
  const ada = await signUp(mail('first', 'tip'), sleep('a week'));
  await ada.deploy(trial(award('first'), sleep('a week')));
  for (const edition of between) await ada.deploy(edition);
  await ada.deploy(trial(mail('one', 'tip'), sleep('seven days'), mail('two', 'tip')));
  expect(ada.why('one')).toMatch(`'one' skipped: renamed {"status":"sent","channel":"email","reason":"allowed"}`);
  await ada.forward('7 days');
  expect(sent(ada)).toEqual(['first', 'two']);
});

it('a message that is renamed while another step takes its name is recognized', async () => {
  const ada = await signUp(mail('first', 'tip'), sleep('a week'));
  await ada.deploy(trial(award('first'), sleep('a week')));
  await ada.deploy(trial(award('first'), mail('one', 'tip'), sleep('seven days'), mail('two', 'tip')));
  await ada.forward('7 days');
  expect(sent(ada)).toEqual(['first', 'two']);
});

it('a message that was renamed, and then gave its new name to another step, is taken over once', async () => {
  const ada = await signUp(mail('first', 'tip'), sleep('a week'));
  await ada.deploy(trial(mail('one', 'tip'), sleep('a week')));
  await ada.deploy(trial(award('one'), sleep('a week')));
  await ada.deploy(trial(mail('uno', 'tip'), sleep('seven days'), mail('due', 'tip')));
  await ada.forward('7 days');
  expect(sent(ada)).toEqual(['first', 'due']);
});
