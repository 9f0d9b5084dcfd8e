import fc from 'fast-check';
import { projectCreated } from '../testing/properties/catalogue';
import { deployments, editions, live } from '../testing/properties/edited-life';
import { EVERY_KIND } from '../testing/properties/random-edit';
import { plans, type Ingredients } from '../testing/properties/random-journey';
import { deeds, define, users } from '../testing/properties/random-life';
import { StoredUser } from '../testing/properties/stored-user';
import { mail, sent, signUp, trial, type Step } from '../testing/properties/trial';

/**
 * Rule 2, of messages: what a person got from a template in a run they don't get again because its step has another name.
 * The stored user refuses a second message of a run from the same template.
 */

const BOUNDED: Ingredients = { effects: true, unbounded: false, triggers: ['Start', 'A'] };

it.each([
  ['steps are renamed one by one', ['rename']],
  ['whole journeys are renamed', ['rename', 'rename all']],
  ['journeys are edited in any way', EVERY_KIND],
] as const)('no message is repeated when %s, and taken back, with or without a look between', (_, kinds) =>
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

it('a message and the wait after it, renamed in one edit: the message is known by its template', async () => {
  const ada = await signUp(mail('welcome', 'hi'), sleep('a week'), mail('bye', 'bye'));
  await ada.deploy(trial(mail('hello', 'hi'), sleep('seven days'), mail('bye', 'bye')));
  expect(ada.why('hello')).toMatch(`'hello' skipped: renamed {"status":"sent","channel":"email","reason":"allowed"}`);
  expect(ada.journal.map(({ step }) => step)).toEqual(['welcome', 'hello', 'a week', 'seven days']);
  await ada.forward('7 days');
  expect(sent(ada)).toEqual(['welcome', 'bye']);
});

it('it is where the user is: new steps before it are behind the position', async () => {
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

it('the code gets what became of the message under its old name, and leads where it led', async () => {
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

it('a message is taken for another once: two from one template are two', async () => {
  const ada = await signUp(mail('first', 'tip'), sleep('a week'), mail('second', 'tip'));
  await ada.deploy(trial(mail('one', 'tip'), sleep('seven days'), mail('two', 'tip')));
  await ada.forward('7 days');
  expect(sent(ada)).toEqual(['first', 'two']);
});

it('a further message from the same template is new as long as the code has the old one, before it or after it', async () => {
  const ada = await signUp(mail('first', 'tip'), sleep('a week'));
  await ada.deploy(trial(mail('zeroth', 'tip'), mail('first', 'tip'), sleep('a week'), mail('second', 'tip')));
  expect(ada.why('zeroth')).toMatch('behind the position');
  await ada.deploy(trial(mail('zeroth', 'tip'), mail('one', 'tip'), sleep('seven days'), mail('second', 'tip')));
  expect(ada.why('one')).toMatch('renamed');
  await ada.forward('7 days');
  expect(sent(ada)).toEqual(['first', 'second']);
});

it('and as long as it has it under its new name, or has its old name back', async () => {
  const ada = await signUp(mail('first', 'tip'), sleep('a week'));
  await ada.deploy(trial(mail('one', 'tip'), sleep('a week')));
  await ada.deploy(trial(mail('first', 'tip'), sleep('a week'), mail('second', 'tip')));
  await ada.forward('7 days');
  expect(sent(ada)).toEqual(['first', 'second']);
});

it('a card that moves is another message with each of its data, also where one of them is removed', async () => {
  const card =
    (step: string, state: string): Step =>
    (j) =>
      j.send(step, { email: 'card' }, { data: { state } });
  const ada = await signUp(card('received', 'received'), card('preparing', 'preparing'), sleep('a week'));
  await ada.deploy(trial(card('received', 'received'), sleep('a week'), card('ready', 'ready')));
  await ada.forward('7 days');
  expect(sent(ada)).toEqual(['received', 'preparing', 'ready']);
});

it('who lost a message in an edit gets no other that says the same in its place', async () => {
  const ada = await signUp(mail('first', 'tip'), sleep('a week'));
  await ada.deploy(trial(sleep('a week'), mail('second', 'tip'), mail('third', 'tip')));
  await ada.forward('7 days');
  expect(sent(ada)).toEqual(['first', 'third']);
});

it('by another channel, or from another template, it is another message', async () => {
  const ada = await signUp(mail('welcome', 'hi'), sleep('a week'));
  await ada.deploy(trial((j) => j.send('pushed', { webPush: 'hi' }), mail('hello', 'good day'), sleep('seven days')));
  expect(sent(ada)).toEqual(['welcome', 'pushed', 'hello']);
});

it('a journey parked right after a message may be fixed and renamed at once', async () => {
  const ada = await signUp(mail('welcome', 'hi'), () => Promise.reject(new Error('no')));
  await ada.deploy(trial(mail('hello', 'hi'), sleep('a week')));
  expect(sent(ada)).toEqual(['welcome']);
});

it('a message on a way the user comes back to only later is known there, too', async () => {
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
