import fc from 'fast-check';
import { until } from '../support/until';
import { EventStream } from './event-stream';
import { InAppUser } from './in-app-users';
import { startApi, type TestApi } from './server';

/** Whatever happens in whatever order, an open page ends with the state that `GET /v1/in-app` returns. */

let api: TestApi;
beforeAll(async () => void (api = await startApi()));
afterAll(() => api.stop());

type Act =
  | { readonly do: 'deliver'; readonly slot: string | undefined }
  | { readonly do: 'dismiss'; readonly which: number }
  | { readonly do: 'points'; readonly points: number }
  | { readonly do: 'reconnect'; readonly withId: boolean }
  | { readonly do: 'hang up' | 'break the listener' };

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('deliver' as const), slot: fc.constantFrom(undefined, 'a', 'b') }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('dismiss' as const), which: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('points' as const), points: fc.nat(100) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('reconnect' as const), withId: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('hang up' as const, 'break the listener' as const) }) },
);

test('an open page ends with the state that a request returns, whatever happens in between', async () => {
  let users = 0;
  const property = fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 15 }), async (acts) => {
    const user = await InAppUser.create(api.database, `user-${++users}`);
    const headers = { authorization: `Bearer ${user.token}` };
    const delivered: string[] = [];
    let stream = await EventStream.open(api.url, user.token);
    for (const [n, one] of acts.entries())
      if (one.do === 'deliver')
        delivered.push(await user.deliver({ step: `step ${n}`, ...(one.slot !== undefined && { slot: one.slot }) }));
      else if (one.do === 'points') await user.setPoints(one.points);
      else if (one.do === 'dismiss') {
        const id = delivered[one.which % Math.max(1, delivered.length)];
        if (id !== undefined) await api.call('POST', `/v1/inbox/${id}/dismissed`, { headers });
      } else if (one.do === 'reconnect') {
        stream.close();
        stream = one.withId ? await stream.reopen() : await EventStream.open(api.url, user.token);
      } else if (one.do === 'hang up') stream.close();
      else await breakListeners();
    if (stream.isClosed) stream = await stream.reopen();
    await until('the page shows what a request returns', async () => {
      const { body } = await api.call('GET', '/v1/in-app', { headers });
      return JSON.stringify(stream.state) === JSON.stringify(body);
    });
    stream.close();
  });
  await fc.assert(property, { numRuns: 25, endOnFailure: true });
});

async function breakListeners(): Promise<void> {
  await api.database.pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'sojourn-in-app' AND datname = current_database()`,
  );
}
