import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inTemporaryFolder } from '../support/folder';
import { repository, ROOT, run, type Repository } from './repository';

let repo: Repository;
let compiled: string;
beforeAll(() => {
  repo = repository();
  // Inside the root, so that the compiled code finds the dependencies.
  mkdirSync(join(ROOT, '.sojourn'), { recursive: true });
  compiled = mkdtempSync(join(ROOT, '.sojourn', 'test-'));
  const tsc = [require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json', '--noCheck', '--outDir', compiled];
  execFileSync(process.execPath, tsc, { cwd: ROOT });
});
afterAll(() => {
  repo.remove();
  rmSync(compiled, { recursive: true, force: true });
});

test('the compiled command compares compiled journeys, and those of a git ref in TypeScript', async () => {
  const diff = [join(compiled, 'cli', 'main.js'), 'diff', '--events', '/dev/null'];
  const folders = await run([...diff, join(compiled, 'journeys'), join(compiled, 'journeys')], {});
  expect(folders).toMatchObject({ code: 0, stdout: expect.stringContaining('No journey changed.') });
  repo.edit('onboarding/journey.ts', "'48 hours'", "'24 hours'");
  const ref = await run([...diff, 'main'], { JOURNEYS: repo.journeys });
  expect(ref).toMatchObject({ code: 0, stdout: expect.stringContaining('Changed journeys: onboarding.') });
});

test('journeys in any folder import the engine that loads them, and there is one', () =>
  inTemporaryFolder(async (folder) => {
    mkdirSync(join(folder, 'hello'));
    writeFileSync(
      join(folder, 'hello', 'journey.js'),
      `const { journey, manual } = require('sojourn');
       exports.default = journey('hello', { enter: manual() }, async (j) => { await j.sleep('a while', '1 day'); });`,
    );
    const script = `
      const { loadDefinitions } = require('./config/definitions.js');
      const engines = () => Object.keys(require.cache).filter((file) => /engine.authoring.journey\\.js$/.test(file));
      Promise.all([loadDefinitions(${JSON.stringify(folder)}), loadDefinitions('journeys')]).then(([{ journeys }]) =>
        console.log(JSON.stringify([journeys.map(({ id }) => id), engines()])));`;
    const { stdout, stderr } = await run(['--eval', script], {}, compiled);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual([['hello'], [join(compiled, 'engine', 'authoring', 'journey.js')]]);
  }));
