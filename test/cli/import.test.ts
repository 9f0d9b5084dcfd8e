import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { program } from '../../cli/main';
import { DEFAULT_LIMITS } from '../../api/limits';
import { ADMIN_KEY, startApi, type TestApi } from '../api/server';

let api: TestApi;
beforeAll(async () => {
  // A request more than these in ten seconds is refused with 429.
  api = await startApi({ limits: { ...DEFAULT_LIMITS, writeKey: 12 } });
});
afterAll(() => api.stop());

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly rejects: readonly { readonly line: number; readonly reason: string }[];
}

/** Writes the files and imports them, in this process: a process of its own takes seconds to start. */
async function importing(files: Readonly<Record<string, string>>, ...options: string[]): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'sojourn-import-'));
  try {
    return await importingIn(folder, files, ...options);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The same in a folder that stays, as for a command that is run again. It writes only files that are not there. */
async function importingIn(
  folder: string,
  files: Readonly<Record<string, string>>,
  ...options: string[]
): Promise<Outcome> {
  const paths = Object.keys(files).map((name) => join(folder, name));
  for (const [name, text] of Object.entries(files))
    if (!existsSync(join(folder, name))) writeFileSync(join(folder, name), text);
  const log = jest.spyOn(console, 'log').mockReturnValue(undefined);
  const progress = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  let stderr = '';
  try {
    const args = ['import', ...paths, '--url', api.url, '--key', ADMIN_KEY, ...options];
    await program()
      .parseAsync(args, { from: 'user' })
      .catch((error: unknown) => (stderr = String(error)));
    const list = `${paths[0] ?? ''}${options.includes('--dry-run') ? '.dry-run' : ''}.rejected.jsonl`;
    const lines = existsSync(list) ? readFileSync(list, 'utf8').trim().split('\n') : [];
    const rejects = lines.map((text) => JSON.parse(text) as Outcome['rejects'][number]);
    const code = stderr === '' ? Number(process.exitCode ?? 0) : 1;
    return { code, stdout: log.mock.calls.flat().join('\n'), stderr, rejects };
  } finally {
    process.exitCode = undefined;
    log.mockRestore();
    progress.mockRestore();
  }
}

const line = (call: object): string => `${JSON.stringify(call)}\n`;

test('columns become ids, traits of their types, times and consent', async () => {
  const outcome = await importing(
    {
      'people.csv': [
        'userId,email,"first name",seats:number,paying:boolean,tags:json,createdAt,lastSeenAt,consent.email,consent.at,consent.source',
        '007,ada@example.com,"Ada, ""Countess""",5,true,"[1,{""a"":2}]",2025-03-01T09:00:00Z,2026-01-30T17:20:00Z,false,2025-04-01,old shop',
        '008,,,,,,,,,,',
      ].join('\n'),
    },
    '--history',
  );
  expect(outcome).toMatchObject({ code: 0, stdout: expect.stringContaining('2 rows, 3 calls stored') as string });
  const user = await api.database.knex('users').where({ id: '007' }).first<Record<string, unknown>>();
  expect(user).toMatchObject({
    traits: {
      email: 'ada@example.com',
      'first name': 'Ada, "Countess"',
      seats: 5,
      paying: true,
      tags: [1, { a: 2 }],
      createdAt: '2025-03-01T09:00:00Z',
    },
    consent: { email: false },
    created_at: Date.parse('2025-03-01T09:00:00Z'),
    last_seen_at: Date.parse('2026-01-30T17:20:00Z'),
  });
  expect(
    await api.database.knex('events').where({ user_id: '007', type: 'consent' }).first('name', 'at', 'properties'),
  ).toEqual({
    name: 'Unsubscribed',
    at: Date.parse('2025-04-01'),
    properties: { channel: 'email', source: 'old shop' },
  });
});

test.each([
  ['name,email\n', 'the header must have a column userId or anonymousId'],
  ['userId,age:integer\n', "column 'age:integer': the type must be one of text, number, boolean, json"],
  ['userId,a,a\n', "the header has the column 'a' twice"],
  ['userId,consent.e-mail\n', "column 'consent.e-mail': expected one of consent.email"],
])('a header is refused that is %j', async (header, reason) => {
  const { code, stderr } = await importing({ 'people.csv': `${header}1,2,3\n` });
  expect(stderr).toContain(reason);
  expect(code).toBe(1);
});

test('every row that is not taken is listed with its reason, however many, and all others are stored, at the pace of the API', async () => {
  const rows = Array.from({ length: 1_000 }, (_, n) =>
    line({
      userId: `u${n % 7}`,
      event: 'Signed Up',
      properties: n % 5 === 0 ? {} : { plan: 'free' },
      timestamp: '2026-01-05',
    }),
  );
  const { code, stdout, rejects } = await importing({ 'events.jsonl': rows.join('') }, '--history');
  expect(stdout).toContain('1,000 rows, 800 calls stored, 0 stored before, 200 rows rejected');
  expect(rejects).toHaveLength(200);
  expect(rejects.slice(0, 2)).toMatchObject([{ line: 1 }, { line: 6 }]);
  expect(rejects[0]).toMatchObject({ reason: expect.stringContaining('properties.plan:') as string });
  expect(code).toBe(2);
  expect(await api.database.knex('events').whereLike('user_id', 'u%')).toHaveLength(800);
});

test.each([[], ['--dry-run']])(
  'a time that can not be read is no time of history: its row is listed and not stored (%j)',
  async (...options) => {
    const outcome = await importing(
      {
        'people.csv':
          'userId,createdAt,lastSeenAt,consent.email,consent.at\n' +
          'gil,2025-03-01,2026-01-30,true,2025-03-01\n' +
          'gus,01.03.2025 09:00,,,\nhal,,yesterday,,\nida,,,true,last year\n',
        'events.jsonl': line({ userId: 'joy', event: 'Seen', timestamp: 'yesterday' }),
      },
      '--history',
      ...options,
    );
    expect(outcome).toMatchObject({
      code: 2,
      rejects: [
        { line: 3, reason: 'createdAt: cannot be read as a time' },
        { line: 4, reason: 'lastSeenAt: cannot be read as a time' },
        { line: 5, reason: 'consent.at: cannot be read as a time' },
        { line: 1, reason: 'timestamp: cannot be read as a time' },
      ],
    });
    expect(await api.database.knex('users').whereIn('id', ['gus', 'hal', 'ida', 'joy'])).toEqual([]);
  },
);

test('everyone in the files is added to a journey afterwards, once, with the properties that it needs', async () => {
  const files = {
    'people.csv': 'userId,email\ncleo,cleo@example.com\ndan,dan@example.com\n',
    'events.jsonl':
      line({ userId: 'cleo', event: 'Signed Up', properties: { plan: 'pro' } }) +
      line({ userId: 'eve', event: 'Seen' }),
  };
  const entries = (): Promise<unknown[]> =>
    api.database
      .knex('events')
      .where({ name: 'sojourn:enter:onboarding', pending: true })
      .orderBy('user_id')
      .pluck('user_id');
  const refused = await importing(files, '--history', '--enter', 'onboarding');
  expect(refused).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("Not everybody could be added to 'onboarding'") as string,
  });
  expect(await entries()).toEqual([]);
  const enter = ['--history', '--enter', 'onboarding', '--enter-properties', '{"plan": "free"}'];
  const { code, stdout } = await importing(files, ...enter);
  expect([code, stdout]).toEqual([0, expect.stringContaining('onboarding: 3 people added')]);
  expect(await entries()).toEqual(['cleo', 'dan', 'eve']);
  expect(await importing(files, ...enter)).toMatchObject({ code: 0 });
  expect(await entries()).toEqual(['cleo', 'dan', 'eve']);
});

test('an id that no user can have keeps nobody else from the journey, and an unknown journey stops before anything is sent', async () => {
  const files = { 'people.csv': `userId\n${'x'.repeat(300)}\nkai\n` };
  const unknown = await importing(files, '--history', '--enter', 'nowhere');
  expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining("Nobody can be added to 'nowhere'")]);
  expect(await api.database.knex('users').where({ id: 'kai' })).toEqual([]);
  const enter = ['--enter', 'onboarding', '--enter-properties', '{"plan": "free"}'];
  const { code, stdout } = await importing(files, '--history', ...enter);
  expect([code, stdout]).toEqual([2, expect.stringContaining('onboarding: 1 person added')]);
});

test('a file that is no CSV from some line on stops the import, which goes on once the line is corrected', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sojourn-import-'));
  try {
    const rows = (name: string): string => `userId,name\nlea,Lea\nmax,${name}\nnia,Nia\n`;
    const broken = await importingIn(folder, { 'people.csv': rows('"Max" Smith') }, '--history');
    expect([broken.code, broken.stderr]).toEqual([1, expect.stringContaining('people.csv is not valid CSV in line 3')]);
    writeFileSync(join(folder, 'people.csv'), rows('Max Smith'));
    expect(await importingIn(folder, { 'people.csv': '' }, '--history')).toMatchObject({ code: 0 });
    const users = await api.database.knex('users').whereIn('id', ['lea', 'max', 'nia']).orderBy('id').pluck('id');
    expect(users).toEqual(['lea', 'max', 'nia']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('an address that is none is refused at once', async () => {
  const { code, stderr } = await importing({ 'people.csv': 'userId\nola\n' }, '--url', 'localhost:3000');
  expect([code, stderr]).toEqual([1, expect.stringContaining("'localhost:3000' is no address of an API")]);
});

test('a server of an earlier release gets no history, which it would take for events of now', async () => {
  const paths: string[] = [];
  const former = createServer((request, response) => {
    paths.push(request.url ?? '');
    // As that release answers.
    const isKnown = ['/v1/batch', '/v1/import'].includes(request.url ?? '');
    response.writeHead(isKnown ? 200 : 404, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ accepted: 1, duplicates: 0, rejected: [], rejectedCount: 0 }));
  }).listen(0);
  await once(former, 'listening');
  try {
    const url = `http://localhost:${(former.address() as AddressInfo).port}`;
    const events = { 'events.jsonl': line({ userId: 'gia', event: 'Signed Up' }) };
    const { code, stderr } = await importing(events, '--history', '--url', url);
    expect([code, stderr]).toEqual([1, expect.stringContaining('it is of an earlier release')]);
    expect(paths).toEqual(['/v1/import/history']);
    expect(await importing(events, '--url', url)).toMatchObject({ code: 0 });
  } finally {
    former.close();
  }
});

test('an import that was interrupted goes on only against the same server', async () => {
  const other = await startApi();
  const folder = mkdtempSync(join(tmpdir(), 'sojourn-import-'));
  try {
    const files = { 'people.csv': 'userId,email\nivy,ivy@example.com\n' };
    // Without its properties, nobody can enter: an import that stops after its files.
    const options = ['--history', '--enter', 'onboarding'];
    expect(await importingIn(folder, files, ...options)).toMatchObject({ code: 1 });
    expect(await importingIn(folder, files, ...options, '--url', other.url)).toMatchObject({ code: 1 });
    expect(await other.database.knex('users').pluck('id')).toEqual(['ivy']);
    // With other properties it is another import. What it sends again is stored already.
    const enter = ['--enter', 'onboarding', '--enter-properties', '{"plan": "free"}'];
    const { stdout } = await importingIn(folder, files, '--history', ...enter);
    expect(stdout).toContain('0 calls stored, 1 stored before');
  } finally {
    rmSync(folder, { recursive: true });
    await other.stop();
  }
});

test('a dry run leaves an import that was interrupted as it is', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sojourn-import-'));
  try {
    const rows = [
      { userId: 'jan', event: 'Signed Up' },
      { userId: 'jan', event: 'Seen' },
    ];
    const files = { 'events.jsonl': rows.map(line).join('') + 'no JSON\n' };
    // Without its properties, nobody can enter: an import that stops after its files.
    const options = ['--history', '--enter', 'onboarding'];
    const { rejects, code } = await importingIn(folder, files, ...options);
    expect([code, rejects]).toMatchObject([1, [{ line: 1 }, { line: 3 }]]);
    const { stdout } = await importingIn(folder, files, ...options, '--dry-run');
    expect(stdout).toContain('events.jsonl: 3 rows checked, 1 row not valid');
    expect(stdout).toMatch(/events\.jsonl\.dry-run\.rejected\.jsonl\nNothing was sent\.$/);
    expect(stdout).not.toContain('stored');
    expect((await importingIn(folder, files, ...options)).rejects).toEqual(rejects);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('without --history, events are received as if the app sent them', async () => {
  await importing({ 'events.jsonl': line({ userId: 'fay', event: 'Signed Up', properties: { plan: 'free' } }) });
  expect(await api.database.knex('events').where({ user_id: 'fay' }).first('history', 'pending')).toEqual({
    history: false,
    pending: true,
  });
});
