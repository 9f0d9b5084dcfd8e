import { strict as assert } from 'node:assert';
import type { Check } from '../bench';
import type { Seen } from '../proxy';
import { expectPauses } from './pauses';

const isStream = ({ path }: Seen): boolean => path.startsWith('/v1/stream');

/** How a client keeps the stream open. */
export const CONNECTION_CHECKS: readonly Check[] = [
  {
    name: 'a client that connects again says which state it has, and misses nothing',
    says: 'A client that connects again sends it as `Last-Event-ID`',
    run: async (bench) => {
      const { proxy, user } = bench;
      const message = await bench.deliver({ kind: 'card', title: 'first' });
      const client = await bench.start();
      await bench.untilMessages(client, message);
      const { lastId } = proxy;
      proxy.cut();
      await user.setPoints(9);
      await bench.untilShown(client, 'what it has missed', ({ points }) => points === 9);
      const [first, second] = proxy.requests('GET', '/v1/stream');
      assert.equal(first?.headers['last-event-id'], undefined);
      assert.equal(second?.headers['last-event-id'], lastId);
      assert.deepEqual(client.shown?.messages, [message]);
    },
  },
  {
    name: 'a client that can not connect waits longer each time',
    says: 'After a failure a client waits before it connects again: 1, 2, 4, 8, 16, then 30 seconds, each with up to half of it more at random.',
    speed: 20,
    run: async (bench) => {
      const { proxy } = bench;
      proxy.rule = () => ({ status: 503 });
      await bench.start();
      await bench.until('it has tried six times', () => proxy.requests('GET').length >= 6);
      expectPauses(bench, proxy.requests('GET'), [1, 2, 4, 8, 16]);
    },
  },
  {
    name: 'a stream that ends at once is a failure',
    says: 'A stream that ends before anything else has come is a failure, too, whatever its reason: the user may have been erased.',
    speed: 20,
    run: async (bench) => {
      const { proxy } = bench;
      const ended = 'event: end\ndata: {"reason":"token"}\n\n';
      proxy.rule = (seen) =>
        isStream(seen)
          ? { status: 200, headers: { 'Content-Type': 'text/event-stream' }, body: ended }
          : { status: 401 };
      await bench.start();
      await bench.until('it has tried four times', () => proxy.requests('GET', '/v1/stream').length >= 4);
      expectPauses(bench, proxy.requests('GET', '/v1/stream'), [1, 2, 4]);
    },
  },
  {
    name: 'a client waits as long as an answer asks it to',
    says: 'An answer with `Retry-After` says how many seconds the client waits instead.',
    speed: 20,
    run: async (bench) => {
      const { proxy } = bench;
      const refusal = { status: 429, headers: { 'Retry-After': '20' } };
      proxy.rule = ({ method }) => (proxy.requests(method).length === (method === 'GET' ? 1 : 2) ? refusal : undefined);
      const client = await bench.start();
      await bench.until('the state is refused', () => proxy.requests('GET')[0]?.status);
      await client.track('Accepted');
      await bench.until('the first event is accepted', () => proxy.requests('POST')[0]?.status);
      await client.track('Refused');
      await bench.until(
        'it has tried again',
        () => proxy.requests('GET').length > 1 && proxy.requests('POST').length > 2,
      );
      expectPauses(bench, proxy.requests('GET'), [20]);
      expectPauses(bench, proxy.requests('POST').slice(1), [20]);
    },
  },
  {
    name: 'a client that hears nothing for 40 seconds connects again, and not before',
    says: 'A client that hears nothing for 40 seconds connects again.',
    speed: 8,
    run: async (bench) => {
      const { proxy } = bench;
      const client = await bench.start();
      await bench.untilShown(client, 'the state', () => true);
      await bench.until('a stream is open', () => proxy.hasStream);
      const { comments } = proxy;
      const already = proxy.requests('GET').length;
      await bench.until('comments of 45 seconds', () => proxy.comments >= comments + 3);
      assert.equal(proxy.requests('GET').length, already, 'It has connected again, although comments came.');
      proxy.silence();
      await bench.until('it connects again', () => proxy.requests('GET').length > already);
      const silence = (proxy.requests('GET')[already]?.at ?? 0) - proxy.writtenAt;
      assert(silence >= bench.ms(39), `It connected again after ${Math.round(silence)} ms of silence.`);
    },
  },
  {
    name: 'a stream that ends because the server stops, or was too fast, is opened again',
    says: '`{ "reason": "token" }`, `{ "reason": "stopping" }` or `{ "reason": "slow" }`',
    run: async (bench) => {
      const { proxy, user } = bench;
      const client = await bench.start();
      await bench.untilShown(client, 'the state', () => true);
      for (const [index, reason] of (['stopping', 'slow'] as const).entries()) {
        proxy.end(reason);
        await user.setPoints(index + 1);
        await bench.untilShown(client, `what came after '${reason}'`, ({ points }) => points === index + 1);
      }
      assert.equal(client.tokensWanted, 0);
    },
  },
];
