import { startApi, type TestApi } from './server';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

test('smoke', async () => {
  const a = await api.write('/v1/track', { userId: 'ada', event: 'Signed Up', properties: { plan: 'free' } });
  expect(a.body).toEqual({ accepted: 1, duplicates: 0, rejected: [] });
  expect(api.woken).toMatchObject([{ userId: 'ada', name: 'Signed Up' }]);
  console.log(JSON.stringify((await api.admin('GET', '/v1/users/ada')).body), api.log);
  console.log(JSON.stringify((await api.admin('GET', '/v1/users/ada/timeline')).body));
  console.log(
    (await api.call('GET', '/v1/openapi.json')).text.length,
    (await api.call('GET', '/readyz')).text,
    (await api.call('GET', '/nope')).text,
  );
});
