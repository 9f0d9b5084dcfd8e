import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, readConfig, readEnvironment } from './env';
import type { Environment } from './rule';

const COMPLETE = {
  DATABASE_URL: 'postgres://sojourn:pw@db:5432/sojourn',
  TEMPORAL_ADDRESS: 'temporal:7233',
  SMTP_URL: 'smtp://mail:25',
  MAIL_FROM: 'Sojourn <hello@example.com>',
  WRITE_KEY: 'w'.repeat(32),
  ADMIN_KEY: 'a'.repeat(32),
  SECRET: 's'.repeat(32),
  PUBLIC_URL: 'https://journeys.example.com',
};

function problemsOf(read: (env: Environment) => unknown, env: Environment): readonly string[] {
  try {
    read(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

test('without variables, each setting has a default or is null for `npm start` to provide', () => {
  expect(readEnvironment({})).toMatchObject({
    port: 3000,
    databaseUrl: null,
    temporal: null,
    publicUrl: null,
    speed: 1,
    journeysPath: join(__dirname, '..', 'journeys'),
  });
});

test('a process that runs alone names every missing variable', () => {
  expect(problemsOf(readConfig, {})).toEqual(
    Object.keys(COMPLETE)
      .filter((name) => name !== 'SMTP_URL')
      .map((name) => `${name} must be set`),
  );
});

test('a complete environment gives a configuration', () => {
  expect(readConfig({ ...COMPLETE, PORT: '8080', PUBLIC_URL: 'https://example.com/' })).toMatchObject({
    port: 8080,
    mergeUsersWith: 'admin-key',
    publicUrl: 'https://example.com',
    temporal: { address: 'temporal:7233', namespace: 'default', apiKey: null, tls: null },
  });
});

test('all problems are listed at once, including those between variables, and no value is shown', () => {
  const wrong = {
    PORT: 'ninety',
    DATABASE_URL: 'mysql://secret',
    SPEED: '60',
    WRITE_KEY: 'sh:rt',
    TEMPORAL_TLS: 'true',
    MERGE_USERS_WITH: 'any-key',
  };
  const problems = problemsOf(readEnvironment, wrong);
  expect(problems.map((problem) => problem.split(' ')[0]).sort()).toEqual(Object.keys(wrong).sort());
  expect(problems.join()).not.toMatch(/ninety|secret|sh:rt/);
});

test('an empty variable counts as not set', () => {
  expect(readEnvironment({ PORT: '', DATABASE_URL: '', SPEED: '3600' })).toMatchObject({ port: 3000, speed: 3600 });
});

test('equal keys are refused, each with the name of the key it repeats', () => {
  const { WRITE_KEY } = COMPLETE;
  expect(problemsOf(readConfig, { ...COMPLETE, ADMIN_KEY: WRITE_KEY, PORT: 'ninety' })).toEqual([
    expect.stringMatching(/^PORT /),
    'ADMIN_KEY must not be the same as WRITE_KEY',
  ]);
  expect(problemsOf(readEnvironment, { WRITE_KEY, ADMIN_KEY: WRITE_KEY, SECRET: WRITE_KEY })).toEqual([
    'ADMIN_KEY must not be the same as WRITE_KEY',
    'SECRET must not be the same as WRITE_KEY',
    'SECRET must not be the same as ADMIN_KEY',
  ]);
});

test('virtual time is refused with an external database', () => {
  expect(problemsOf(readConfig, { ...COMPLETE, SPEED: '2' })).toEqual([expect.stringMatching(/^SPEED .*DATABASE_URL/)]);
  expect(problemsOf(readConfig, { ...COMPLETE, SPEED: '1' })).toEqual([]);
});

test.each([
  [{}, true],
  [{ DEMO: 'false' }, false],
  [{ DATABASE_URL: COMPLETE.DATABASE_URL }, false],
  [{ DATABASE_URL: COMPLETE.DATABASE_URL, DEMO: '1' }, true],
])('with %p, that the demo is served is %p', (env, served) => expect(readEnvironment(env).demo).toBe(served));

test('an API key enables TLS with the root certificates of the system', () => {
  const { temporal } = readConfig({ ...COMPLETE, TEMPORAL_API_KEY: 'abc', TEMPORAL_NAMESPACE: 'ours.acct' });
  expect(temporal).toEqual({ address: 'temporal:7233', namespace: 'ours.acct', apiKey: 'abc', tls: {} });
});

test('a client certificate and its key are read from files, and must be set together', () => {
  const path = join(tmpdir(), `sojourn-${process.pid}.pem`);
  writeFileSync(path, 'PEM');
  const pair = { TEMPORAL_TLS_CLIENT_CERT_PATH: path, TEMPORAL_TLS_CLIENT_KEY_PATH: path };
  expect(readConfig({ ...COMPLETE, ...pair }).temporal.tls).toEqual({ cert: 'PEM', key: 'PEM' });
  const alone = { ...COMPLETE, TEMPORAL_TLS_CLIENT_CERT_PATH: '/nowhere.pem' };
  expect(problemsOf(readConfig, alone)).toEqual([
    expect.stringMatching(/^TEMPORAL_TLS_CLIENT_CERT_PATH .*file/),
    expect.stringMatching(/^TEMPORAL_TLS_CLIENT_KEY_PATH .*together/),
  ]);
});

test('how long rows are kept is a span of at least thirty days, and for ever by default', () => {
  const spans = { RETENTION_EVENTS: '400 days', RETENTION_RUNS: '90 days' };
  const DAY = 86_400_000;
  expect(readConfig({ ...COMPLETE, ...spans }).retention).toEqual({
    events: 400 * DAY,
    messages: null,
    runs: 90 * DAY,
  });
  for (const RETENTION_EVENTS of ['400', '29 days', '1 year', '0 days'])
    expect(problemsOf(readEnvironment, { RETENTION_EVENTS })).toEqual([
      'RETENTION_EVENTS must be a span of 30 days or more, such as 400 days',
    ]);
});
