import fc from 'fast-check';
import { journey } from '../authoring/journey';
import type { Json } from '../model/json';
import { answersBefore } from '../replay/answers';
import { orderPlaced, projectCreated, signedUp, unrestrained } from '../testing/properties/catalogue';
import { deployments, editions, live } from '../testing/properties/edited-life';
import { plans, type Ingredients } from '../testing/properties/random-journey';
import { deeds, define, users } from '../testing/properties/random-life';
import { StoredUser } from '../testing/properties/stored-user';
import { mail, signUp, trial, type Step } from '../testing/properties/trial';
import { traveller, type Traveller } from '../testing/traveller';

/** Rule 7, for templates: a template sees the answers of the named steps before its message, as they were when it was decided. */

function answersOf(ada: Traveller, step: string): Readonly<Record<string, Json>> {
  const [run] = ada.runs;
  if (!run) throw new Error('Expected a run, found none.');
  return answersBefore(run, step);
}

const call =
  (step: string): Step =>
  (j) =>
    j.call(step, async () => ({ code: 'A' }));
const sleep: Step = (j) => j.sleep('a week', '7 days');

it('the answer of a step is what the code gets; a step that returns nothing has none', async () => {
  const ada = traveller(
    journey('all', { enter: signedUp }, async (j) => {
      await j.send('welcome mail', { email: 'welcome' });
      await j.call('coupon', async () => ({ code: 'A' }));
      await j.check('is free', () => true);
      await j.pick('plan', () => 'pro');
      await j.experiment('tone', { friendly: 1 });
      await j.award('points', { points: 5 });
      await j.start('course', 'no such journey');
      await j.sleep('a day', '1 day');
      await j.waitFor('project', projectCreated, { within: '1 day' });
      await j.waitFor('order', orderPlaced, { within: '1 day' });
      await j.collect('likes', projectCreated, { for: '1 hour', within: '1 hour' });
      await j.send('bye', { email: 'bye' });
      await j.pick('later', () => 1);
    }),
    { with: unrestrained },
  );
  await ada.track(signedUp, { plan: 'free' });
  await ada.forward('25 hours');
  await ada.track(projectCreated, { name: 'Engine' });
  await ada.forward('3 days');
  expect(answersOf(ada, 'bye')).toEqual({
    'welcome mail': { status: 'sent', channel: 'email', reason: 'allowed' },
    coupon: { code: 'A' },
    'is free': true,
    plan: 'pro',
    tone: 'friendly',
    course: { entered: false, refused: 'unknown' },
    project: expect.objectContaining({ name: 'Project Created', properties: { name: 'Engine' } }) as Json,
    order: null,
    likes: [],
  });
  expect(answersOf(ada, 'welcome mail')).toEqual({});
});

it('a message whose step the run does not have has no answers', async () => {
  const ada = await signUp(call('coupon'), mail('mail'));
  expect(answersOf(ada, 'another')).toEqual({});
});

it('the answers of a message stay the same if its step is renamed, and are found under the new name as well', async () => {
  const ada = await signUp(call('coupon'), mail('hello', 'hi'), call('gift'), sleep);
  await ada.deploy(trial(call('coupon'), mail('welcome', 'hi'), call('gift'), sleep));
  expect(ada.journal.map(({ step }) => step)).toEqual(['coupon', 'hello', 'welcome', 'gift', 'a week']);
  expect(answersOf(ada, 'hello')).toEqual({ coupon: { code: 'A' } });
  expect(answersOf(ada, 'welcome')).toEqual({ coupon: { code: 'A' } });
});

it('the outcome of a renamed message is an answer under both names', async () => {
  const ada = await signUp(mail('hello', 'hi'), mail('bye'), sleep);
  await ada.deploy(trial(mail('welcome', 'hi'), mail('bye'), sleep));
  const outcome = { status: 'sent', channel: 'email', reason: 'allowed' };
  expect(answersOf(ada, 'bye')).toEqual({ hello: outcome, welcome: outcome });
});

it('a step that an edit adds behind the position adds no answer to a message from before', async () => {
  const ada = await signUp(mail('hello'), sleep, mail('bye'));
  await ada.forward('1 day');
  await ada.deploy(trial(call('coupon'), (j) => j.pick('plan', () => 'pro'), mail('hello'), sleep, mail('bye')));
  expect(answersOf(ada, 'hello')).toEqual({});
  await ada.forward('7 days');
  expect(answersOf(ada, 'bye')).toMatchObject({ coupon: null, plan: 'pro' });
});

const BOUNDED: Ingredients = { effects: true, unbounded: false, triggers: ['Start', 'A'] };

/** Notes the answers of every message at the instant it is decided. */
class NotingUser extends StoredUser {
  readonly noted = new Map<string, Readonly<Record<string, Json>>>();

  override async advance(now: number): Promise<void> {
    await super.advance(now);
    for (const { id } of this.messages.values()) {
      const answers = this.answersOf(id);
      if (answers && !this.noted.has(id)) this.noted.set(id, answers);
    }
  }

  /** Null for a message that is not decided. */
  answersOf(message: string): Readonly<Record<string, Json>> | null {
    const { runId = '', step = '' } = this.messages.get(message) ?? {};
    const run = this.runs.find(({ id }) => id === runId);
    return run?.journal.some((one) => one.step === step && one.status === 'done') ? answersBefore(run, step) : null;
  }
}

it('the answers of a message are fixed when it is decided, whatever edits follow', () =>
  fc.assert(
    fc.asyncProperty(
      plans('only', BOUNDED),
      deeds(),
      deployments(BOUNDED, ['insert', 'remove', 'rename', 'rename all', 'retime'], fc.boolean()),
      users,
      async (initial, life, deploys, person) => {
        const plansAfter = editions([initial], deploys);
        const user = new NotingUser(person, await define([initial]), { pending: 'awaited', history: 'limited' });
        await live(user, life, deploys, async ({ at, told }, count) => {
          user.definitions = await define(plansAfter[count] ?? []);
          if (told) await user.advance(at);
        });
        for (const [id, noted] of user.noted) expect(user.answersOf(id)).toMatchObject(noted);
        for (const [id, noted] of user.noted)
          for (const [step, answer] of Object.entries(user.answersOf(id) ?? {}))
            if (!(step in noted)) expect(Object.values(noted)).toContainEqual(answer);
      },
    ),
    { numRuns: 100 },
  ));
