import { strict as assert } from 'node:assert';
import { signUserToken } from '../../../config/tokens';
import { SECRET } from '../../api/server';
import { reactionsTo } from '../../sdk/in-app';
import type { Check } from '../bench';

/** How a client uses its token. */
export const TOKEN_CHECKS: readonly Check[] = [
  {
    name: 'the token is in a header of every request, and never in an address',
    says: 'The client sends it with every request, as `Authorization: Bearer <token>`, never in the address.',
    run: async (bench) => {
      const { user, proxy } = bench;
      const message = await bench.deliver({ kind: 'card', title: 'first' });
      const client = await bench.start();
      await bench.untilMessages(client, message);
      await client.react(message, 'seen');
      await client.track('Level Finished');
      await bench.until('reaction and event are sent', () => proxy.requests('POST').length >= 2);
      for (const { headers, path } of proxy.seen) {
        assert.equal(headers.authorization, `Bearer ${user.token}`);
        assert(!path.includes(user.token), `The address ${path} has the token in it.`);
      }
    },
  },
  {
    name: 'a client whose token is refused gets a new one, and loses nothing',
    says: 'The client then asks the app for a new token and repeats the request.',
    run: async (bench) => {
      const { api, user } = bench;
      const message = await bench.deliver({ kind: 'card', title: 'first' });
      const client = await bench.start({ token: await signUserToken(SECRET, user.id, 1, 0) });
      await client.react(message, 'seen');
      await bench.untilMessages(client, message);
      await bench.until('the reaction is stored', async () => (await reactionsTo(api, message)).includes('seen'));
    },
  },
  {
    name: 'a stream that ends because of its token is opened again with a new one',
    says: 'gets a new token, if that is the reason, and connects again',
    run: async (bench) => {
      const { user, proxy } = bench;
      const client = await bench.start();
      await bench.untilShown(client, 'the state', () => true);
      proxy.end('token');
      await bench.until('the client asks for a token', () => client.tokensWanted > 0);
      await bench.until('the client connects again', () => proxy.requests('GET').length > 1);
      const [, again] = proxy.requests('GET');
      assert.notEqual(again?.headers.authorization, `Bearer ${user.token}`);
      await user.setPoints(7);
      await bench.untilShown(client, 'seven points', ({ points }) => points === 7);
    },
  },
];
