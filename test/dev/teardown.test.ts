import { createTeardown } from '../../dev/teardown';

test('parts are stopped in reverse order, even when one of them fails to stop', async () => {
  const teardown = createTeardown();
  const stopped: string[] = [];
  for (const name of ['database', 'server', 'page'])
    teardown.add({
      stop: async () => {
        stopped.push(name);
        if (name === 'server') throw new Error('stuck');
      },
    });
  await expect(teardown.stop()).rejects.toMatchObject({ errors: [new Error('stuck')] });
  expect(stopped).toEqual(['page', 'server', 'database']);
  await expect(teardown.stop()).resolves.toBeUndefined();
});
