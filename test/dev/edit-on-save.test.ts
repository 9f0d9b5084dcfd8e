import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inTemporaryFolder } from '../support/folder';
import { until } from '../support/until';
import { freePorts, interrupt, start, subjects, untilRunning, type Started } from './support/npm-start';

const EVENTS = `import { event, string } from 'sojourn';
export const signedUp = event('Signed Up');
export const ordered = event('Ordered');
`;
const POLICY = `import { policy } from 'sojourn';
export default policy({ quietHours: null });
`;
const mail = (subject: string): string =>
  `---\nsubject: ${subject}\n---\n<mjml><mj-body><mj-section><mj-column><mj-text>Hello.</mj-text></mj-column></mj-section></mj-body></mjml>\n`;
const journey = (within: string, template = 'reminder'): string => `import { journey } from 'sojourn';
import { ordered, signedUp } from '../events';
import { within } from '../../lib/times';

export default journey('hello', { enter: signedUp }, async (j) => {
  const order = await j.waitFor('first order', ordered, { within: ${within} });
  if (!order) await j.send('reminder', { email: '${template}' });
});
`;

let running: Started[] = [];
afterEach(() => {
  for (const { process: child } of running) child.kill('SIGKILL');
  running = [];
});

/** A person at the keyboard: saves files of a project, and reads what the screen says from then on. */
class Author {
  private read = 0;
  started: Started | null = null;

  constructor(private readonly folder: string) {}

  /** Saves as editors do that write a new file and rename it. */
  save(files: Readonly<Record<string, string>>): void {
    this.read = this.started?.screen().length ?? 0;
    for (const [name, text] of Object.entries(files)) {
      const file = join(this.folder, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(`${file}~`, text);
      renameSync(`${file}~`, file);
    }
  }

  /** Returns what the screen says since the last save, once it says this. */
  async sees(text: string): Promise<string> {
    const since = (): string => this.started?.screen().slice(this.read) ?? '';
    await until(`the screen says ${text}`, () => {
      if (!since().includes(text)) throw new Error(since());
      return true;
    });
    return since();
  }
}

test('an edit comes into force when it is saved, a broken one is shown with its place and changes nothing, and --confirm asks first', () =>
  inTemporaryFolder(async (folder) => {
    const env = await freePorts();
    const author = new Author(folder);
    author.save({
      'lib/times.ts': `export const within = '30 days';\n`,
      'journeys/events.ts': EVENTS,
      'journeys/policy.ts': POLICY,
      'journeys/hello/journey.ts': journey('within'),
      'journeys/hello/templates/reminder.email.mjml': mail('Still hungry?'),
    });
    const api = `http://localhost:${env['PORT']}`;
    const options = ['--journeys', 'journeys', '--no-demo'];
    const first = (author.started = start(folder, env, ...options, '--speed', '60'));
    running.push(first);
    const screen = await untilRunning(first);
    expect(screen).toMatch(/SPEED +60 times real time/);
    expect(screen).toMatch(/Journeys +journeys /);
    expect((await fetch(`${api}/demo`)).status).toBe(404);
    const key = (name: string): string => new RegExp(`${name} +(\\S+)`).exec(screen)?.[1] ?? '';
    const signUp = (userId: string): Promise<Response> =>
      fetch(`${api}/v1/batch`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${key('WRITE_KEY')}:`)}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          batch: [
            { type: 'identify', userId, traits: { email: `${userId}@example.com` } },
            { type: 'track', userId, event: 'Signed Up' },
          ],
        }),
      });
    const asAdmin = async (path: string): Promise<Record<string, unknown>> => {
      const answer = await fetch(`${api}${path}`, { headers: { authorization: `Bearer ${key('ADMIN_KEY')}` } });
      return (await answer.json()) as Record<string, unknown>;
    };
    const runsOf = async (userId: string): Promise<unknown> => (await asAdmin(`/v1/users/${userId}`))['runs'];
    await signUp('ada');
    await until('Ada waits', async () => JSON.stringify(await runsOf('ada')).includes('"active"'));

    const hello = (text: string): Record<string, string> => ({ 'journeys/hello/journey.ts': text });
    // A mistake in the syntax.
    author.save(hello(journey(`'1 day' `).replace(' });\n  if', ' );\n  if')));
    expect(await author.sees('> 6 |')).toContain(`journeys/hello/journey.ts:6:76: Expected "}" but found ")"`);
    // A template that does not exist, in the step that names it.
    author.save(hello(journey(`'1 second'`, 'absent')));
    expect(await author.sees('> 7 |')).toMatch(/journeys\/hello\/journey\.ts:7:28: hello, step 'reminder': .*absent/);
    // A module that throws is shown where it does, though two others import it.
    author.save({ ...hello(journey('within')), 'lib/times.ts': `export const within = undefined!.days;\n` });
    expect(await author.sees('> 1 |')).toContain('lib/times.ts:1:');
    // A mistake in a template.
    author.save({
      'lib/times.ts': `export const within = '30 days';\n`,
      'journeys/hello/templates/reminder.email.mjml': mail('Still {{ user.traits.hungr }}?'),
    });
    expect(await author.sees('reminder.email.mjml:2')).toContain('unknown variable user.traits.hungr');
    expect(first.screen()).not.toContain('Applied.');
    await expect(asAdmin('/v1/journeys/hello')).resolves.toMatchObject({
      steps: [{ step: 'first order', text: expect.stringContaining('30 days') as string }, { step: 'reminder' }],
    });

    // Mended, in a module beside the journeys and in a template at once. Ada's wait is over now.
    author.save({
      'lib/times.ts': `export const within = '1 second';\n`,
      'journeys/hello/templates/reminder.email.mjml': mail('Hungry now?'),
    });
    const applied = await author.sees('Applied.');
    expect(applied).toContain('Changed journeys: hello.');
    expect(applied).toContain(
      'Runs in flight: 1, people: 1. Stay: 0, move on: 0, end: 1, parked by an error: 0. Messages released: 1.',
    );
    expect(applied).toContain('1 × hello: released reminder → email (allowed), for example ada');
    await until('Ada is reminded', async () => (await subjects(env)).length > 0);
    expect(await subjects(env)).toEqual(['Hungry now?']);

    // A new journey, and the file of another removed.
    author.save({
      'journeys/welcome/journey.ts': `import { journey } from 'sojourn';
import { signedUp } from '../events';
export default journey('welcome', { enter: signedUp }, async (j) => {
  await j.send('welcome', { email: 'welcome' });
});
`,
      'journeys/welcome/templates/welcome.email.mjml': mail('Welcome'),
    });
    rmSync(join(folder, 'journeys', 'hello'), { recursive: true });
    expect(await author.sees('Applied.')).toContain('hello, welcome.');
    await signUp('bob');
    await until('Bob is welcome', async () => (await subjects(env)).includes('Welcome'));
    expect((await subjects(env)).sort()).toEqual(['Hungry now?', 'Welcome']);
    const clock = Date.parse(String((await asAdmin('/v1/users/bob'))['lastSeenAt']));
    await expect(interrupt(first)).resolves.toBe(0);

    const second = (author.started = start(folder, env, ...options, '--confirm'));
    running.push(second);
    await untilRunning(second);
    const welcome = (subject: string) => ({ 'journeys/welcome/templates/welcome.email.mjml': mail(subject) });
    author.save(welcome('Hi'));
    await author.sees('Apply this edit? [y/N]');
    second.process.stdin.write('n\n');
    await author.sees('Not applied.');
    await signUp('carl');
    await until('Carl is welcome', async () => (await subjects(env)).length === 3);
    author.save(welcome('Hello'));
    await author.sees('Apply this edit? [y/N]');
    second.process.stdin.write('y\n');
    await author.sees('Applied.');
    await signUp('dora');
    await until('Dora is welcome', async () => (await subjects(env)).length === 4);
    // The mailbox lists mails of the same second in any order.
    expect((await subjects(env)).sort()).toEqual(['Hello', 'Hungry now?', 'Welcome', 'Welcome']);
    expect(Date.parse(String((await asAdmin('/v1/users/dora'))['lastSeenAt']))).toBeGreaterThan(clock);
    await expect(interrupt(second)).resolves.toBe(0);
  }));

test('journeys that cannot be used are shown with the place of each problem, before any server is started', () =>
  inTemporaryFolder(async (folder) => {
    const author = new Author(folder);
    author.save({ 'journeys/events.ts': EVENTS, 'journeys/hello/journey.ts': `const a = ;\n` });
    const refused = start(folder, await freePorts(), '--journeys', 'journeys');
    await until('it has ended', () => refused.process.exitCode !== null);
    expect(refused.process.exitCode).toBe(1);
    expect(refused.screen()).toContain('journeys/hello/journey.ts:1:11: Unexpected ";"');
    expect(refused.screen()).not.toContain('starting PostgreSQL');
    expect(refused.screen()).not.toMatch(/^ +at /m);
  }));
