import { program } from '../../cli/main';
import { advanceUser } from '../api/engine';
import { ADMIN_KEY, startApi, type TestApi } from '../api/server';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
  await api.write('/v1/identify', { userId: 'ada', traits: { email: 'ada@example.com' } });
  await api.write('/v1/track', { userId: 'ada', event: 'Signed Up', properties: { plan: 'free' } });
  await advanceUser(api, 'ada');
});
afterAll(() => api.stop());

/** Runs the command in this process, and returns what it prints. */
async function why(...args: readonly string[]): Promise<string> {
  const log = jest.spyOn(console, 'log').mockReturnValue(undefined);
  try {
    await program().parseAsync(['why', ...args, '--url', api.url, '--key', ADMIN_KEY], { from: 'user' });
    return log.mock.calls.flat().join('\n');
  } finally {
    log.mockRestore();
  }
}

test('a message tells by its step and by its id each rule that was asked, in order, with what it read', async () => {
  const text = await why('ada', 'welcome');
  expect(text).toMatch(/^'welcome' of onboarding, \S+: (sent|waiting) \(\S.*\)/);
  const rules = text.split('\n').flatMap((line) => /^ {2}(\S+( \S+)*?) +(passes|holds|refuses)/.exec(line)?.[1] ?? []);
  expect(rules).toEqual(['address', 'suppression', 'consent', 'cap', 'do not disturb']);
  expect(text).toMatch(/cap {13}passes: email 0 of \d+ a day, .*total 0 of \d+ a week/);
  const id = /^Message (\S+): /m.exec(text)?.[1] ?? '';
  expect(await why('ada', id)).toBe(text);
});

test('a user and a message that are unknown are errors', async () => {
  await expect(why('nobody', 'welcome')).rejects.toThrow("Unknown user: 'nobody'.");
  await expect(why('ada', 'farewell')).rejects.toThrow("User 'ada' has no message 'farewell'");
});
