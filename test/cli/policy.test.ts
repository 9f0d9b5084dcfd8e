import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository, sojourn, type Repository } from './repository';

let repo: Repository;
beforeEach(() => {
  repo = repository();
});
afterEach(() => repo.remove());

const environment = (): Record<string, string> => ({ JOURNEYS: repo.journeys });

test('the policy that ships passes the check, and one that names an unknown journey or topic fails it', async () => {
  expect(await sojourn(['policy', '--check'], environment())).toMatchObject({
    code: 0,
    stdout: 'Every rule of the policy can apply, and none contradicts another.\n',
  });
  repo.edit(
    'policy.ts',
    'caps: {',
    'caps: {\n    journeys: { news: { day: 1 } },\n    topics: { offers: { day: 1 } },',
  );
  const { code, stdout } = await sojourn(['policy', '--check'], environment());
  expect([code, stdout]).toEqual([
    1,
    expect.stringContaining("contradiction: caps.journeys.news: there is no journey 'news'"),
  ]);
  expect(stdout).toContain("contradiction: caps.topics.offers: there is no topic 'offers'");
  const explored = await sojourn(['explore', '--check', 'onboarding'], environment());
  expect(explored).toMatchObject({ code: 1, stderr: expect.stringContaining("there is no journey 'news'") });
  expect(explored.stderr).toContain("there is no topic 'offers'");
});

test('a changed policy shows in a diff and in a simulation, with what it does to people', async () => {
  const events = join(repo.journeys, '..', 'events.jsonl');
  const at = Date.parse('2026-01-05T12:00:00.000Z');
  const event = { type: 'track', name: 'Signed Up', at, receivedAt: at, properties: { plan: 'free' } };
  const ada = { id: 'ada', createdAt: at, traits: { email: 'ada@example.com' }, consent: {}, hasPush: false };
  writeFileSync(events, JSON.stringify({ ...ada, events: [{ id: '1', ...event }] }));
  repo.edit('policy.ts', 'email: { day: 1, week: 3 }', 'email: { day: 0, week: 3 }');
  const diff = await sojourn(['diff', 'main', '--events', events, '--since', '2026-01-01', '--json'], environment());
  expect(JSON.parse(diff.stdout)).toMatchObject({
    changed: [],
    policy: ['caps.email.day: 1 → 0'],
    backtest: { people: 1, differing: 1 },
  });
  const simulated = await sojourn(
    ['simulate', '--people', '30', '--days', '14', '--against', 'main', '--threads', '1'],
    environment(),
  );
  expect(simulated.stdout).toContain('The policy changed\n  caps.email.day: 1 → 0');
  expect(simulated.stdout).toMatch(/messages/);
});
