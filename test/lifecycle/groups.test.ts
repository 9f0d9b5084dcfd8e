import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Call } from '../../api/segment/schema';
import { toEvent } from '../../api/segment/to-event';
import { systemClock } from '../../engine/model/clock';
import { staticDefinitions } from '../../engine/definitions/definitions';
import { ingest } from '../../store/ingest';
import { findUser } from '../../store/users';
import { startLifecycle, type TestLifecycle } from '../support/lifecycle';
import { until } from '../support/until';

let stack: TestLifecycle;
beforeAll(async () => {
  stack = await startLifecycle({ journeysPath: join(__dirname, 'journeys-grouped') });
  await stack.startWorker();
});
afterAll(() => stack.stop());

/** Stores a `group` call as the API does. */
async function belongs(userId: string, groupId: string, traits: Record<string, number>): Promise<void> {
  const call: Call = { type: 'group', userId, groupId, traits };
  const read = toEvent(call, '', { clock: systemClock, receivedAt: Date.now(), sentAt: null });
  if ('errors' in read) throw new Error('Expected a valid call.');
  const batch = { events: [read.event], aliases: [], receivedAt: Date.now() };
  await ingest(stack.database, staticDefinitions(stack.definitions), batch);
}

test('a check on the seats of a company decides by what a colleague said, on the whole stack', async () => {
  const [acme, umbrella] = [randomUUID(), randomUUID()];
  const [ada, bob, cy] = [stack.newUser(), stack.newUser(), stack.newUser()];
  await belongs(ada, acme, { seats: 5 });
  await belongs(bob, acme, { seats: 60 });
  await belongs(cy, umbrella, { seats: 5 });
  await stack.track(bob, 'Project Created');
  for (const user of [ada, cy]) await stack.track(user, 'Started');
  const traitsOf = (user: string): Promise<unknown> =>
    until('the end of the journey', async () => {
      const found = await findUser(stack.database, user);
      return found?.traits['size'] !== undefined && found.traits;
    });
  expect(await traitsOf(ada)).toMatchObject({ size: 'large', busy: [2, 1] });
  expect(await traitsOf(cy)).toMatchObject({ size: 'small', busy: [1, 0] });
  // Nothing about anybody else is in the history of a workflow.
  expect(await stack.history(ada)).not.toMatch(new RegExp(`${bob}|${acme}`));
});
