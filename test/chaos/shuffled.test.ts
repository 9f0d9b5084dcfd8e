import { randomUUID } from 'node:crypto';
import type { Run } from '../../engine/model/state';
import { report } from './support/account';
import { beginning, building, cast, end, event, react, touring } from './support/cast';
import { deploy, type Call, type Deployment } from './support/deployment';
import { random, SEED } from './support/random';
import { expectExactlyOnce } from './support/verdict';

const PEOPLE = 60;
const TOURISTS = 30;
const COPIES = 3;
const BATCH = 20;
const AT_ONCE = 8;

let deployment: Deployment;
beforeEach(async () => void (deployment = await deploy()));
afterEach(() => deployment.stop());

/** Posts all calls in random order, several batches at a time. */
async function postShuffled(calls: readonly Call[]): Promise<void> {
  const shuffled = random(SEED).shuffled(calls);
  const batches = Array.from({ length: Math.ceil(shuffled.length / BATCH) }, (_, index) =>
    shuffled.slice(index * BATCH, (index + 1) * BATCH),
  );
  const oneByOne = async (): Promise<void> => {
    for (let batch = batches.shift(); batch; batch = batches.shift()) await deployment.post(batch);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, oneByOne));
}

/** Returns the calls with timestamps one second apart, the last of them now. */
function inOrder(calls: readonly Call[]): Call[] {
  const now = Date.now();
  return calls.map((call, index) => ({
    ...call,
    timestamp: new Date(now - (calls.length - 1 - index) * 1_000).toISOString(),
  }));
}

const tripled = (calls: readonly Call[]): Call[] => calls.flatMap((call) => Array.from({ length: COPIES }, () => call));

test('every event posted three times, shuffled and concurrently: every decision is made once', async () => {
  const people = cast(PEOPLE);
  const calls = people.flatMap((person) => {
    return inOrder([...beginning(person), event(person, 'Page Read'), ...building(person), event(person, 'Page Read')]);
  });
  await deployment.startWorker();
  await deployment.startWorker();
  // Identify calls go first: the journeys branch on the plan, and a trait takes effect only when it arrives.
  await postShuffled(tripled(calls.filter(({ type }) => type === 'identify')));
  await postShuffled(tripled(calls.filter(({ type }) => type !== 'identify')));
  const { shuffled } = random(SEED);
  await react(deployment, people, (call) =>
    shuffled(tripled(inOrder([{ ...call, messageId: `${call.messageId} before`, event: 'Page Read' }, call]))),
  );
  await end(deployment);
  const counts = await expectExactlyOnce(deployment, people);
  // An attempt is given up and made again when an event of its user stays pending for long, so there may be more attempts than
  // messages.
  expect(counts).toMatchObject({ duplicates: 0 });
  report('posted three times, shuffled', { seed: SEED, lifecycles: PEOPLE, calls: calls.length * COPIES, ...counts });
});

test('five waits for the same event use five different events, in any order of arrival', async () => {
  const tourists = Array.from({ length: TOURISTS }, () => ({ id: randomUUID() }));
  await deployment.startWorker();
  await deployment.startWorker();
  const calls = tourists.flatMap((tourist) => inOrder(touring(tourist)));
  // The address of every other user arrives last, but before a send stops waiting for it.
  const late = new Set<string>(tourists.filter((_, index) => index % 2 === 1).map(({ id }) => id));
  const comesLast = ({ type, userId }: Call): boolean => type === 'identify' && late.has(userId);
  await postShuffled(tripled(calls.filter((call) => !comesLast(call))));
  await postShuffled(tripled(calls.filter(comesLast)));
  await end(deployment);
  const { rows } = await deployment.database.pool.query<{ body: Run; sum: number }>(
    `SELECT body, data->'sum' AS sum FROM runs JOIN messages ON run_id = runs.id WHERE messages.status = 'sent'`,
  );
  expect(rows.map(({ body, sum }) => [body.status, new Set(body.consumed).size, sum])).toEqual(
    tourists.map(() => ['completed', 5, 15]),
  );
  expect(deployment.smtp.messages).toHaveLength(TOURISTS);
});
