import fc from 'fast-check';
import { journey, type Journey, type Question } from '../authoring/journey';
import type { Duration } from '../model/duration';
import { REACTIONS } from '../model/message-reaction';
import type { Definitions } from '../definitions/definitions';
import { policy } from '../policy/define';
import { plain } from '../testing/properties/plan';
import { BEGIN, defineJourneys, moments, type Deed } from '../testing/properties/random-life';
import { StoredUser, type Keeping } from '../testing/properties/stored-user';

/** Two questions, whatever the person does and however they are edited. */

const STEPS = ['one', 'two'] as const;
const VALUES = ['a', 'b', 'c'] as const;
const MINUTE = 60_000;
const YEAR = 365 * 86_400_000;

interface Asked {
  readonly values: readonly string[];
  readonly after: Duration | null;
  readonly within: Duration | null;
}

const spans = fc.constantFrom<Duration>('0 minutes', '20 minutes', '20 minutes', '7 hours', '3 days');
const asked: fc.Arbitrary<Asked> = fc.record({
  values: fc.subarray([...VALUES], { minLength: 1 }),
  after: fc.option(spans),
  within: fc.option(spans),
});
/** The questions of a journey. The second one may have another name. */
const plans = fc.record({ questions: fc.tuple(asked, asked), second: fc.constantFrom('two', 'two', 'other') });
type Plan = typeof plans extends fc.Arbitrary<infer One> ? One : never;

const reactions = fc
  .array(
    fc.record({
      reaction: fc.constantFrom('seen' as const, 'answered' as const),
      step: fc.constantFrom(...STEPS),
      value: fc.constantFrom(...VALUES),
      minute: fc.oneof(fc.integer({ min: 0, max: 8 * 60 }), fc.integer({ min: 0, max: 10 * 24 * 60 })),
    }),
    { maxLength: 8 },
  )
  .map((list): readonly Deed[] =>
    [...list]
      .sort((a, b) => a.minute - b.minute)
      .map(({ reaction, step, value, minute }, index) => {
        const at = BEGIN + minute * MINUTE + index + 1;
        const properties = { message: step, journey: 'asking', step, ...(reaction === 'answered' && { value }) };
        return { id: String(index + 2), name: REACTIONS[reaction], at, receivedAt: at, properties };
      }),
  );
const rules = fc.constantFrom(policy({ quietHours: null }), policy({ quietHours: { from: '10:10', to: '18:00' } }));

function asking({ questions: [first, second], second: name }: Plan): Journey {
  const question = ({ values, after }: Asked): Question => ({
    text: 'What?',
    choices: values.map((value) => ({ value, label: value })),
    ...(after !== null && { away: { after, channel: 'email', template: 'away' } }),
  });
  const lasting = ({ within }: Asked): { within?: Duration } => (within === null ? {} : { within });
  return journey('asking', { enter: plain('Start'), reenter: 'never' }, async (j) => {
    const one = await j.ask('one', question(first), lasting(first));
    await j.set('say one', { one });
    const two = await j.ask(name, question(second), lasting(second));
    await j.set('say two', { two });
  });
}

const START: Deed = { id: '1', name: 'Start', at: BEGIN, receivedAt: BEGIN, properties: {} };
const PERSON = { id: 'ada', traits: {}, reachable: ['email', 'inApp'] as const, createdAt: BEGIN };

interface Deploy {
  readonly at: number;
  readonly plan: Plan;
}

interface Deployed {
  readonly at: number;
  readonly definitions: Definitions;
}

async function live(
  keeping: Keeping,
  life: readonly Deed[],
  [first, ...later]: readonly Deployed[],
): Promise<StoredUser> {
  if (!first) throw new Error('Expected definitions to begin with.');
  const user = new StoredUser(PERSON, first.definitions, keeping);
  const acts = [
    ...[START, ...life].map((deed) => ({ at: deed.receivedAt, act: () => user.receive(deed) })),
    ...later.map(({ at, definitions }) => ({
      at,
      act: () => {
        user.definitions = definitions;
        return user.advance(at);
      },
    })),
  ].sort((a, b) => a.at - b.at);
  for (const { at, act } of acts) {
    await user.passUntil(at - 1);
    await act();
  }
  await user.passUntil(BEGIN + YEAR);
  return user;
}

const deploys = fc
  .tuple(plans, fc.array(fc.record({ at: moments, plan: plans }), { maxLength: 2 }))
  .map(([plan, edits]): readonly Deploy[] => [{ at: BEGIN, plan }, ...edits]);

it('what is decided does not depend on which events wake the engine, and nobody is asked in vain', () =>
  fc.assert(
    fc.asyncProperty(reactions, deploys, rules, async (life, plans, limits) => {
      const deployed = await Promise.all(
        plans.map(async ({ at, plan }) => ({
          at,
          definitions: await defineJourneys([asking(plan)], { policy: limits, stages: false }),
        })),
      );
      const all = await live({ pending: 'all', history: 'complete' }, life, deployed);
      const awaited = await live({ pending: 'awaited strictly', history: 'limited' }, life, deployed);
      expect(awaited.outcome).toEqual(all.outcome);

      const sent = [...all.messages.values()].filter(({ status }) => status === 'queued');
      expect(new Set(sent.map(({ step }) => step)).size).toBe(sent.length);
      for (const { decidedAt, data } of sent.filter(({ channel }) => channel === 'email')) {
        const { step } = data['question'] as { step: string };
        const seen = life.filter((deed) => deed.name === REACTIONS.seen && deed.properties['step'] === step);
        expect(seen.filter(({ receivedAt }) => receivedAt < decidedAt)).toEqual([]);
      }
    }),
    { numRuns: 60 },
  ));
