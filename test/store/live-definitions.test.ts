import { compile } from '../../engine/outline/compile';
import { checkStored } from '../../config/check';
import { type Definitions } from '../../engine/definitions/definitions';
import type { JsonObject } from '../../engine/model/json';
import { lifecycle } from '../../engine/authoring/lifecycle';
import { policy } from '../../engine/policy/define';
import type { CheckTemplate } from '../../engine/definitions/template-use';
import { LiveDefinitions } from '../../store/live-definitions';
import { testDatabase, type TestDatabase } from '../support/database';
import { publishStored } from '../support/stored-journey';

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase();
});
afterEach(() => database.drop());

const rules = [{ from: ['new'], to: 'quiet', inactive: '2 days' }] as const;
const code = (stages: typeof rules | []): Promise<Definitions> =>
  compile({ journeys: [], lifecycle: lifecycle({ initial: 'new', rules: stages }), policy: policy(), traits: {} });
const sending = (template: string, more: JsonObject = {}): JsonObject => ({
  enter: { kind: 'stage', stage: 'quiet' },
  steps: [{ kind: 'send', step: 'hello', messages: [{ channel: 'email', template }] }],
  ...more,
});
/** A deployment with these templates. */
const knowing =
  (...names: string[]): CheckTemplate =>
  ({ name }) =>
    names.includes(name) ? [] : [`there is no template '${name}'`];

/** Starts a process of a deployment, and returns the problems it reports. */
async function started(definitions: Definitions, checkTemplate: CheckTemplate, said: string[] = []) {
  const live = await LiveDefinitions.start({
    pool: database.pool,
    code: { definitions, catalogue: new Map(), check: (all, journey) => checkStored(all, journey, checkTemplate) },
    onProblem: (problem) => said.push(problem),
    onMissed: (error) => said.push(String(error)),
  });
  return { live, said };
}

test('if a deployment removes what a stored journey uses, this is reported and the journey stays current', async () => {
  await publishStored(database, 'calm', sending('old'));
  await publishStored(database, 'calm', sending('new', { version: 'finish' }));
  const fine = await started(await code([...rules]), knowing('old', 'new'));
  const torn = await started(await code([]), knowing());
  await Promise.all([fine, torn].map(({ live }) => live.stop()));
  expect(fine.said).toEqual([]);
  expect(torn.said).toEqual([
    "calm: no rule of the lifecycle leads to the stage 'quiet'",
    "there is no template 'new'",
    "there is no template 'old'",
  ]);
  expect(torn.live.problems).toEqual(torn.said.map((text) => ({ journey: 'calm', text })));
  expect(torn.live.current.journeys.map(({ id }) => id)).toEqual(['calm']);
});

test('a journey that did not change is not checked again, and its problems are kept', async () => {
  const asked: string[] = [];
  const { live } = await started(await code([...rules]), (use) => {
    asked.push(use.journey);
    return knowing('new')(use);
  });
  await publishStored(database, 'first', sending('old'));
  await live.refresh();
  await publishStored(database, 'second', sending('new'));
  await live.refresh();
  await live.stop();
  expect(asked).toEqual(['first', 'second']);
  expect(live.problems).toEqual([{ journey: 'first', text: "there is no template 'old'" }]);
});

test('an edit of the code comes into force at once, and what was decided before it still has the former code', async () => {
  const { live } = await started(await code([]), knowing());
  const former = live.current;
  await publishStored(database, 'calm', sending('new'));
  const next = { definitions: await code([...rules]), catalogue: new Map(), check: async () => [] };
  await live.replace(next);
  await live.stop();
  expect(live.current.lifecycle.rules).toHaveLength(rules.length);
  expect(live.current.journeys.map(({ id }) => id)).toEqual(['calm']);
  expect(live.codeOf(live.current)).toBe(next);
  expect(live.codeOf(former)).not.toBe(next);
});

test('an edit that could not be announced comes into force with a later look, and not before', async () => {
  let refusals = 1;
  const first = { definitions: await code([]), catalogue: new Map(), check: async () => [] };
  const live = await LiveDefinitions.start({
    pool: database.pool,
    code: first,
    onChange: async (next) => {
      if (next.lifecycle.rules.length > 0 && refusals-- > 0) throw new Error('the database is away');
    },
    onProblem: () => undefined,
    onMissed: () => undefined,
  });
  const next = { ...first, definitions: await code([...rules]) };
  await expect(live.replace(next)).rejects.toThrow('the database is away');
  const kept = live.codeOf(live.current);
  await live.refresh();
  await live.stop();
  expect([kept, live.codeOf(live.current)]).toEqual([first, next]);
});
