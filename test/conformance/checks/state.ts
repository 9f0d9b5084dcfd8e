import { strict as assert } from 'node:assert';
import type { Check } from '../bench';
import type { Proxy } from '../proxy';
import { expectPauses } from './pauses';

/** Lets no stream through, as some proxies do. */
function refuseStreams(proxy: Proxy): void {
  proxy.rule = ({ path }) => (path.startsWith('/v1/stream') ? { status: 502 } : undefined);
}

/** What a client shows of the state, and how it polls. */
export const STATE_CHECKS: readonly Check[] = [
  {
    name: 'a client that gets no stream polls',
    says: "A client that can't keep a stream open polls: after 30 seconds, or sooner after its user did something, and never more often than every 5 seconds.",
    speed: 20,
    run: async (bench) => {
      const { proxy, user } = bench;
      refuseStreams(proxy);
      const message = await bench.deliver({ kind: 'card', title: 'first' });
      const client = await bench.start();
      await bench.untilMessages(client, message);
      await client.react(message, 'seen');
      await user.setPoints(3);
      await bench.untilShown(client, 'three points', ({ points }) => points === 3);
      await client.react(message, 'clicked');
      await bench.until('it polls again', () => proxy.requests('GET', '/v1/in-app').length >= 4);
      expectPauses(bench, proxy.requests('GET', '/v1/in-app'), [5, 5, 5]);
    },
  },
  {
    name: 'a client that polls says which state it has',
    says: 'A request with `If-None-Match` gets 304 while nothing has changed.',
    speed: 20,
    run: async (bench) => {
      const { proxy } = bench;
      refuseStreams(proxy);
      const message = await bench.deliver({ kind: 'card', title: 'first' });
      const client = await bench.start();
      await bench.until('it polls twice', () => proxy.requests('GET', '/v1/in-app')[1]?.status);
      const [first, second] = proxy.requests('GET', '/v1/in-app');
      assert.equal(second?.headers['if-none-match'], first?.etag);
      assert.equal(second?.status, 304);
      await bench.untilMessages(client, message);
    },
  },
  {
    name: 'members that have changed are replaced, and the others stay',
    says: 'replaces these members of its state',
    run: async (bench) => {
      const first = await bench.deliver({ kind: 'card', title: 'first' });
      const client = await bench.start();
      await bench.untilMessages(client, first);
      await bench.user.setPoints(5);
      await bench.untilShown(client, 'five points', ({ points }) => points === 5);
      assert.deepEqual(client.shown?.messages, [first]);
      const second = await bench.deliver({ kind: 'card', title: 'second' });
      await bench.untilMessages(client, second, first);
      assert.equal(client.shown.points, 5);
    },
  },
  {
    name: 'what a client does not know is ignored',
    says: 'Unknown members are ignored, and a message of an unknown kind is not shown.',
    run: async (bench) => {
      const { proxy, user } = bench;
      const known = await bench.deliver({ kind: 'card', title: 'first', hologram: { depth: 3 } });
      await bench.deliver({ kind: 'hologram', title: 'second' });
      const client = await bench.start();
      await bench.untilMessages(client, known);
      const connections = proxy.requests('GET').length;
      proxy.write('event: news\ndata: hologram\n\n');
      proxy.write('event: state\ndata: {"holograms":[{}]}\n\n');
      await user.setPoints(4);
      await bench.untilShown(client, 'four points', ({ points }) => points === 4);
      assert.deepEqual(client.shown?.messages, [known]);
      assert.equal(proxy.requests('GET').length, connections, 'It has connected again.');
    },
  },
  {
    name: 'a message that is taken back vanishes',
    says: 'a message that is gone from the list is taken from the screen at once',
    run: async (bench) => {
      const first = await bench.deliver({ kind: 'card', title: 'first' });
      const second = await bench.deliver({ kind: 'card', title: 'second' });
      const client = await bench.start();
      await bench.untilMessages(client, second, first);
      await bench.elsewhere('POST', `/v1/inbox/${second}/dismissed`);
      bench.user.announce();
      await bench.untilMessages(client, first);
    },
  },
  {
    name: 'a message that expires vanishes, also without network',
    says: '`expiresAt` says when a message is no longer shown',
    speed: 20,
    run: async (bench) => {
      const { proxy, user } = bench;
      await user.store({ step: 'short', expiresAt: Date.now() + 60_000 });
      const lasting = await bench.deliver({ kind: 'card', title: 'lasting' });
      const client = await bench.start();
      await bench.untilShown(client, 'the state', () => true);
      proxy.disconnect();
      await bench.untilMessages(client, lasting);
    },
  },
];
