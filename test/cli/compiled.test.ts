import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
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

test('the compiled command compares compiled journeys, and refuses a git ref with a remedy', async () => {
  const diff = [join(compiled, 'cli', 'main.js'), 'diff', '--events', '/dev/null'];
  const folders = await run([...diff, join(compiled, 'journeys'), join(compiled, 'journeys')], {});
  expect(folders).toMatchObject({ code: 0, stdout: expect.stringContaining('No journey changed.') });
  const { code, stderr } = await run([...diff, 'main'], { JOURNEYS: repo.journeys });
  expect(code).toBe(1);
  expect(stderr).toContain("The compiled command cannot load the TypeScript journeys of 'main'.");
  expect(stderr).toContain('npm run sojourn -- diff main');
});
