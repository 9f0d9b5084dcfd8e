import { CHANNELS } from '../../engine/model/channels';
import type { ActivityDeps } from '../../activities/deps';
import { TimerLateness } from '../../activities/timer-lateness';
import { WakeSlots } from '../../activities/wake-slots';
import type { Channel } from '../../activities/channels/channel';
import { FirstDecisions } from '../../activities/first-decisions';
import { InFlight } from '../../activities/in-flight';
import { createLogger } from '../../config/log';
import { lifecycle, policy } from '../../engine';
import { staticDefinitions } from '../../engine/definitions/definitions';
import { systemClock } from '../../engine/model/clock';
import type { ChannelName } from '../../engine/model/state';
import { compile } from '../../engine/outline/compile';
import { StartRequests } from '../../store/start-requests';
import type { TestDatabase } from '../support/database';

/** The id of the message that `storeMessage` stores. */
export const ID = 'd520036d-3ce2-5491-8207-ef03816b1ea3';

/** Stores Ada and an email to her, of which so many attempts have failed. */
export async function storeMessage({ knex }: TestDatabase, row: Readonly<Record<string, unknown>> = {}): Promise<void> {
  await knex('users').insert({ id: 'ada', created_at: 0, last_seen_at: 0, traits: { email: 'ada@example.com' } });
  await knex('messages').insert({
    id: ID,
    user_id: 'ada',
    journey: 'trial',
    step: 'welcome',
    channel: 'email',
    template: 'welcome',
    status: 'retrying',
    transactional: false,
    data: {},
    decided_at: 0,
    expires_at: Date.now() + 86_400_000,
    attempts: 0,
    ...row,
  });
}

/** The dependencies of a worker with this function as every channel. */
export async function depsWith({ pool }: Pick<TestDatabase, 'pool'>, act: Channel['deliver']): Promise<ActivityDeps> {
  const channel = (name: ChannelName): Channel => ({ name, deliver: act, close: async () => undefined });
  const rules = lifecycle({ initial: 'new', rules: [] });
  // The clock is the real one, and the tests also run at night.
  const sources = { journeys: [], lifecycle: rules, policy: policy({ quietHours: null }), traits: {} };
  return {
    pool,
    clock: systemClock,
    definitions: staticDefinitions(await compile(sources)),
    channels: Object.fromEntries(CHANNELS.map((name) => [name, channel(name)])),
    rates: {},
    switches: { stopping: () => null },
    inFlight: new InFlight(),
    decisions: new FirstDecisions(),
    lateness: new TimerLateness(),
    slots: new WakeSlots(systemClock),
    starts: new StartRequests(pool),
    release: { seq: 1 },
    answersRead: {},
    publicUrl: 'http://localhost:3000',
    log: createLogger('test', 'silent'),
  };
}
