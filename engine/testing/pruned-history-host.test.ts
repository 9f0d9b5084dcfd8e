import { compile } from '../outline/compile';
import fc from 'fast-check';
import { projectCreated, signedUp, unrestrained } from './properties/catalogue';
import { plans, type Ingredients } from './properties/random-journey';
import { BEGIN, deeds, define, policies, users, type Deed } from './properties/random-life';

import { PrunedHistoryHost } from './pruned-history-host';
import { journey } from '../authoring/journey';
import { lifecycle } from '../authoring/lifecycle';
import { MemoryHost, type MemoryUser } from './memory-host';

const ANYTHING: Ingredients = {
  effects: true,
  unbounded: true,
  triggers: ['Start', 'A', 'A counted', 'silence', 'stage idle', 'upgraded'],
};
const NO_STAGES = lifecycle({ initial: 'new', rules: [] });
const END = BEGIN + 60 * 86_400_000;

/** The state of a user, without the time of the last advance. */
function outcome({ messages, runs, stageChanges, state: { memory, traits, lastSeenAt } }: MemoryHost): object {
  const { stage, stageSince, entries, sent, points, badges, flags } = memory ?? {};
  const remembered = { stage, stageSince, entries, sent, points, badges, flags };
  return { messages: [...messages.values()], runs, stageChanges, remembered, traits, lastSeenAt };
}

/**
 * Lets a host live a life.
 * @param requests the number of events in each request, in turn
 */
async function live(host: MemoryHost, life: readonly Deed[], requests: readonly number[]): Promise<object> {
  const left = [...life];
  for (let request = 0; left.length > 0; request++) {
    const together = left.splice(0, requests[request % requests.length]);
    const now = together.at(-1)?.receivedAt ?? END;
    await host.passUntil(now - 1);
    await host.take(
      together.map((event) => ({ ...event, receivedAt: now })),
      now,
    );
    await answer(host, now);
  }
  await host.passUntil(END);
  return outcome(host);
}

/** Answers the calls that are open. */
async function answer(host: MemoryHost, now: number): Promise<void> {
  for (const { id, status, journal } of host.state.runs) {
    const call = journal.find((record) => record.kind === 'call' && record.status === 'waiting');
    if (status === 'active' && call) await host.answerCall(id, call.step, { result: 'called' }, now);
  }
}

it('a user with a pruned history, who wakes for fewer events, takes the same course', () =>
  fc.assert(
    fc.asyncProperty(
      fc.tuple(plans('first', ANYTHING), plans('second', ANYTHING)),
      deeds(),
      users,
      policies,
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1 }),
      async (journeys, life, person, limits, requests) => {
        const definitions = await define(journeys, { policy: limits });
        const pruned = new PrunedHistoryHost(person, definitions, () => undefined);
        const complete = new MemoryHost(person, definitions);
        expect(await live(pruned, life, requests)).toEqual(await live(complete, life, requests));
      },
    ),
    { numRuns: 300 },
  ));

it('an event that is not awaited causes no advance, and the engine does not get past events again', async () => {
  const trial = journey('trial', { enter: signedUp, reenter: 'always' }, async (j) => {
    await j.waitFor('project', projectCreated, { within: '1 day' });
  });
  const definitions = await compile({ journeys: [trial], lifecycle: NO_STAGES, ...unrestrained, traits: {} });
  const given: number[] = [];
  const person: MemoryUser = { id: 'ada', traits: {}, reachable: [], createdAt: BEGIN };
  const ada = new PrunedHistoryHost(person, definitions, ({ state }) => given.push(state.history.events.length));
  const names = ['Signed Up', 'Project Created', 'Project Created', 'Seen', 'Seen', 'Signed Up', 'Project Created'];
  for (const [index, name] of names.entries()) await ada.receive(name, {}, BEGIN + index * 1_000);
  expect(ada.runs).toMatchObject([{ status: 'completed' }, { status: 'completed' }]);
  expect(given).toEqual([1, 1, 1, 1]);
});
