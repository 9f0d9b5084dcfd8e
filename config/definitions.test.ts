import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { inTemporaryFolder } from '../test/support/folder';
import { catalogue, loadDefinitions } from './definitions';
import { journeysFolder, templatesRoots } from './definitions-files';

const ROOT = join(__dirname, '..');
const ENGINE = `const { channel, chats, email, event, flags, journey, lifecycle, manual, milestone, policy, smtp, topics } = require(${JSON.stringify(join(ROOT, 'engine'))});
const { z } = require(${JSON.stringify(require.resolve('zod'))});
`;
const HELLO =
  "exports.default = journey('hello', { enter: manual() }, async (j) => { await j.sleep('a while', '1 day'); });";

/** Writes files, by path, below a folder. Each file can use the functions of the engine. */
function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, source] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), ENGINE + source);
  }
}

/** The error of loading these files as a folder of journeys, without the name of the folder. */
async function problemsOf(files: Readonly<Record<string, string>>): Promise<string> {
  let text = '';
  await inTemporaryFolder(async (folder) => {
    write(folder, files);
    text = await loadDefinitions(folder).then(() => '', String);
    text = text.replaceAll(`${folder}/`, '');
  });
  return text;
}

test('the journeys that ship are loaded from their folder, with the lifecycle, policy and traits beside them', async () => {
  const definitions = await loadDefinitions(join(ROOT, 'journeys'));
  const shipped = ['dormancy', 'milestones', 'onboarding', 'order-updates', 'win-back'];
  expect(definitions.journeys.map(({ id }) => id)).toEqual(expect.arrayContaining(shipped));
  expect(definitions.lifecycle.rules.length).toBeGreaterThan(5);
  expect(definitions.policy.caps.email).toEqual({ day: 1, week: 3 });
  expect(definitions.traits).toHaveProperty('firstName');
  expect(definitions.outlines.get('onboarding')?.errors).toEqual([]);
});

test('the catalogue contains the events of the team and the entry events of its journeys, each once', async () => {
  await inTemporaryFolder(async (folder) => {
    const entered = "event('Inline', z.looseObject({}), {})";
    write(folder, {
      'events.js': "exports.paid = event('Paid', z.looseObject({}), {}); exports.helper = 'no event';",
      'hello/journey.js': `exports.default = journey('hello', { enter: ${entered} }, async () => {});`,
      'count/journey.js':
        "const { paid } = require('../events'); exports.default = journey('count', { enter: milestone(paid, [1]) }, async () => {});",
    });
    const names = catalogue(await loadDefinitions(folder)).map(({ name }) => name);
    expect(names.sort()).toEqual(['Inline', 'Paid']);
  });
});

test('a narrowed event beside its event in the catalogue is no second event of that name', async () => {
  await inTemporaryFolder(async (folder) => {
    write(folder, {
      'events.js': `exports.paid = event('Paid', z.looseObject({}), { total: 1 });
exports.dear = exports.paid.where({ total: { atLeast: 100 } });`,
      'hello/journey.js':
        "const { dear } = require('../events'); exports.default = journey('hello', { enter: dear }, async () => {});",
    });
    const [paid, ...others] = catalogue(await loadDefinitions(folder));
    expect(paid).toMatchObject({ name: 'Paid', example: { total: 1 } });
    expect(paid).not.toHaveProperty('filters');
    expect(others).toEqual([]);
  });
});

test('parts that a folder leaves out have defaults', async () => {
  await inTemporaryFolder(async (folder) => {
    write(folder, { 'hello/journey.js': HELLO, 'notes/readme.js': '' });
    const definitions = await loadDefinitions(folder);
    expect(definitions).toMatchObject({
      lifecycle: { initial: 'new', rules: [] },
      policy: { quietHours: [{ from: '22:00' }] },
      traits: {},
      events: [],
    });
  });
});

test('a relative path is resolved from the working directory', async () => {
  await inTemporaryFolder(async (folder) => {
    write(folder, { 'hello/journey.js': HELLO });
    const definitions = await loadDefinitions(relative(process.cwd(), folder));
    expect(definitions.journeys).toMatchObject([{ id: 'hello' }]);
  });
});

test('journeys also come from a module or a package, with templates beside its main file', async () => {
  await inTemporaryFolder(async (folder) => {
    write(folder, {
      'index.js': `${HELLO.replace('exports.default', 'const hello')}
        exports.default = { journeys: [hello], traits: { plan: 'free' }, events: { paid: event('Paid', z.looseObject({}), {}) } };`,
    });
    const definitions = await loadDefinitions(join(folder, 'index.js'));
    expect(definitions).toMatchObject({
      journeys: [{ id: 'hello' }],
      traits: { plan: 'free' },
      events: [{ name: 'Paid' }],
    });
    expect(journeysFolder(join(folder, 'index.js'))).toBe(folder);
  });
  await expect(loadDefinitions('luxon')).rejects.toThrow(/luxon\.js must have the default export \{ journeys/);
});

test('a module that puts journeys of several folders together names the folders of their templates', async () => {
  await inTemporaryFolder(async (folder) => {
    write(folder, {
      'index.js': `exports.default = { journeys: [], templates: [${JSON.stringify(join(ROOT, 'journeys'))}] };`,
      'plain.js': 'exports.default = { journeys: [] };',
      'wrong.js': "exports.default = { journeys: [], templates: ['/no/such/folder'] };",
    });
    expect(templatesRoots(join(folder, 'index.js'))).toEqual([folder, join(ROOT, 'journeys')]);
    expect(templatesRoots(join(folder, 'plain.js'))).toEqual([folder]);
    expect(templatesRoots(folder)).toEqual([folder]);
    const wrong = join(folder, 'wrong.js');
    expect(() => templatesRoots(wrong)).toThrow(`templates of ${wrong} must be a list of folders`);
  });
});

test('a module with wrong parts gets an error for each part', async () => {
  await inTemporaryFolder(async (folder) => {
    write(folder, {
      'index.js':
        "exports.default = { journeys: [{ id: 'x' }], lifecycle: { initial: 'new', rules: [{ to: 'x' }] }, policy: {}, traits: [], flags: {}, chats: {} };",
    });
    const file = join(folder, 'index.js');
    await expect(loadDefinitions(file)).rejects.toMatchObject({
      problems: [
        `journeys[0] of ${file} must be made by journey(...)`,
        `lifecycle of ${file} must be made by lifecycle(...)`,
        `policy of ${file} must be made by policy(...)`,
        `traits of ${file} must be an object with an example of each trait`,
        `flags of ${file} must be made by flags(...)`,
        `chats of ${file} must be made by chats(...)`,
      ],
    });
  });
});

test('flags are loaded from their file, and one that is not valid is named with its file', async () => {
  await inTemporaryFolder(async (folder) => {
    write(folder, {
      'hello/journey.js': HELLO,
      'flags.js': 'exports.default = flags({ tour: { default: true } });',
    });
    expect((await loadDefinitions(folder)).flags?.byName).toEqual({ tour: { default: true } });
  });
  const wrong = {
    'hello/journey.js': HELLO,
    'flags.js': "flags({ tour: { default: true, rules: [{ value: 'on' }] } });",
  };
  expect(await problemsOf(wrong)).toContain(
    "- flags.js cannot be loaded: flags: 'tour', rules[0].value: must be true or false.",
  );
});

test('chats are loaded from their file, and one that is not valid is named with its file', async () => {
  const files = (roles: string): Record<string, string> => ({
    'hello/journey.js': HELLO,
    'chats.js': `exports.default = chats({ delivery: { roles: ${roles} } });`,
  });
  await inTemporaryFolder(async (folder) => {
    write(folder, files("{ a: { label: 'A' }, b: { label: 'B' } }"));
    expect((await loadDefinitions(folder)).chats?.byName).toMatchObject({ delivery: { roles: { a: { label: 'A' } } } });
  });
  expect(await problemsOf(files("{ a: { label: 'A' } }"))).toContain(
    "- chats.js cannot be loaded: chats: 'delivery', roles: must have 2 to 10 roles.",
  );
});

test('every file that cannot be loaded is named, with the reason', async () => {
  const problems = await problemsOf({
    'a/journey.js': "journey('Not An Id', { enter: manual() }, async () => {});",
    'b/journey.js': "require('./nowhere');",
    'lifecycle.js': 'null.stage',
  });
  expect(problems).toContain("- a/journey.js cannot be loaded: 'Not An Id' can't be the id of a journey");
  expect(problems).toContain("- b/journey.js cannot be loaded: Cannot find module './nowhere'");
  expect(problems).toContain("- lifecycle.js cannot be loaded: Cannot read properties of null (reading 'stage')");
});

test('a journey with an id other than the name of its folder is refused, because its templates would not be found', async () => {
  expect(await problemsOf({ 'other/journey.js': HELLO })).toContain(
    "- other/journey.js has the id 'hello', so its folder must have that name, because its templates are found by it",
  );
});

test('two events with the same name are refused', async () => {
  const twice = "for (const key of ['a', 'b']) exports[key] = event('Paid', z.looseObject({}), {});";
  expect(await problemsOf({ 'hello/journey.js': HELLO, 'events.js': twice })).toContain(
    "- two events are named 'Paid'",
  );
});

test('a journey without a default export is named', async () => {
  expect(await problemsOf({ 'hello/journey.js': HELLO.replace('default', 'hello') })).toContain(
    '- hello/journey.js must be made by journey(...)',
  );
});

test('a path to nothing and a folder without journeys are reported', async () => {
  await expect(loadDefinitions('./no/such/journeys')).rejects.toThrow(
    "'./no/such/journeys' is neither a folder nor a module",
  );
  await expect(loadDefinitions(join(ROOT, 'store'))).rejects.toThrow(/store has no \*\/journey\.ts or \*\/journey\.js/);
});

test('channels are set up by the files of their folder, which have their names', async () => {
  const setup = "exports.default = email({ rate: '14/second', providers: [smtp()] });";
  await inTemporaryFolder(async (folder) => {
    write(folder, { 'hello/journey.js': HELLO, 'channels/email.js': setup, 'channels/email.test.js': 'no channel' });
    const { setups } = await loadDefinitions(folder);
    expect(setups.map(({ channel, rate }) => [channel, rate?.most])).toEqual([['email', 14]]);
  });
  expect(await problemsOf({ 'hello/journey.js': HELLO, 'channels/mail.js': setup })).toContain(
    "channels/mail.js sets up the channel 'email', so its file must have that name",
  );
  expect(await problemsOf({ 'hello/journey.js': HELLO, 'channels/email.js': 'exports.default = {};' })).toContain(
    'channels/email.js must be made by the function of a channel, such as email(...)',
  );
});

test('a topic may have a channel of the team’s own, and is named if the channel has no file', async () => {
  const files = {
    'hello/journey.js': HELLO,
    'topics.js': "exports.default = topics({ digest: { title: 'Digest', channels: ['email', 'line'] } });",
  };
  await inTemporaryFolder(async (folder) => {
    write(folder, {
      ...files,
      'channels/line.js':
        "exports.default = channel('line', { trait: null, send: async () => ({ outcome: 'sent' }) });",
    });
    const { topics: offered } = await loadDefinitions(folder);
    expect(offered?.byName['digest']?.channels).toEqual(['email', 'line']);
  });
  expect(await problemsOf(files)).toContain(
    "- topics: 'digest', channels: There is no channel 'line'. There are email,",
  );
});
