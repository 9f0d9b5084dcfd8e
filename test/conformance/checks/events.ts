import { strict as assert } from 'node:assert';
import type { Bench, Check } from '../bench';
import type { Proxy } from '../proxy';

interface Call {
  readonly type: string;
  readonly event?: string;
  readonly messageId?: string;
  readonly properties?: object;
  readonly context?: { readonly sessionId?: string; readonly active?: boolean };
}

/** The calls that the API has accepted, in order. */
function accepted(proxy: Proxy): Call[] {
  return proxy
    .requests('POST', '/v1/in-app/events')
    .filter(({ status = 0 }) => status === 200)
    .flatMap(({ body }) => (JSON.parse(body) as { events: Call[] }).events);
}

const isEvent = ({ path }: { path: string }): boolean => path === '/v1/in-app/events';

/** Waits until a call with this event is accepted. */
function untilAccepted(bench: Bench, event: string): Promise<unknown> {
  return bench.until(`${event} is accepted`, () => accepted(bench.proxy).some((call) => call.event === event));
}

/** How a client sends events. */
export const EVENT_CHECKS: readonly Check[] = [
  {
    name: 'an event whose answer was lost is repeated with its id, and counts once',
    says: 'Each call has a `messageId`, by which a repeated one counts once.',
    run: async (bench) => {
      const { proxy, api, user } = bench;
      let lost = 0;
      proxy.rule = (seen) => (isEvent(seen) && lost++ === 0 ? 'lose the answer' : undefined);
      const client = await bench.start();
      await client.track('Level Finished');
      await untilAccepted(bench, 'Level Finished');
      const ids = proxy.requests('POST').flatMap(({ body }) => (JSON.parse(body) as { events: Call[] }).events);
      assert(ids[0]?.messageId, 'The event has no `messageId`.');
      assert.equal(new Set(ids.map(({ messageId }) => messageId)).size, 1);
      assert.equal((await api.database.knex('events').where({ user_id: user.id })).length, 1);
    },
  },
  {
    name: 'an event that is refused is dropped, and what follows is sent',
    says: 'If no call is valid, the answer has status 422.',
    run: async (bench) => {
      const { proxy } = bench;
      const client = await bench.start();
      // The name of an event must not be empty.
      await client.track('');
      await bench.until('it is refused', () => proxy.requests('POST').some(({ status }) => status === 422));
      await client.track('Level Finished');
      await untilAccepted(bench, 'Level Finished');
      assert.equal(proxy.requests('POST').filter(({ status }) => status === 422).length, 1);
    },
  },
  {
    name: 'a session ends after half an hour without activity',
    says: "`context.sessionId` is the client's session: one ends after 30 minutes without activity.",
    run: async (bench) => {
      const client = await bench.start();
      await client.track('First');
      for (const event of ['Second', 'Third']) {
        await client.later(25);
        await client.track(event);
      }
      await client.later(31);
      await client.track('Fourth');
      await untilAccepted(bench, 'Fourth');
      const sessions = accepted(bench.proxy).map(({ context }) => context?.sessionId);
      assert(sessions[0], 'The events name no session.');
      assert.deepEqual([...new Set(sessions.slice(0, 3))], [sessions[0]]);
      assert.notEqual(sessions[3], sessions[0]);
    },
  },
  {
    name: 'that a variant was read is reported once in a session',
    says: 'the client tracks the event `Flag Exposed` with the properties `flag` and `variant` and with `context.active: false`, once per session for each flag and variant.',
    run: async (bench) => {
      const client = await bench.start();
      await bench.untilShown(client, 'the state', () => true);
      for (let times = 0; times < 2; times++) {
        assert.equal(await client.tell({ do: 'flag', name: 'banner', fallback: '' }), 'Hello');
        assert.equal(await client.tell({ do: 'flag', name: 'plain', fallback: false }), true);
      }
      await client.track('Read');
      await untilAccepted(bench, 'Read');
      await client.later(31);
      await client.tell({ do: 'flag', name: 'banner', fallback: '' });
      await client.track('Read Again');
      await untilAccepted(bench, 'Read Again');
      const exposures = accepted(bench.proxy).filter(({ event }) => event === 'Flag Exposed');
      assert.equal(
        exposures.length,
        2,
        `It has reported ${exposures.length} readings. Expected one in each of two sessions.`,
      );
      for (const { properties, context } of exposures) {
        assert.deepEqual(properties, { flag: 'banner', variant: 'only' });
        assert.equal(context?.active, false);
      }
    },
  },
];
