import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { repository, ROOT, run, type Repository } from './repository';

let repo: Repository;
let compiled: string;
beforeAll(() => {
  repo = repository();
  // Beside the dependencies, so that they are found.
  mkdirSync(join(ROOT, '.sojourn'), { recursive: true });
  compiled = mkdtempSync(join(ROOT, '.sojourn', 'test-'));
  const tsc = [require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json', '--noCheck', '--outDir', compiled];
  execFileSync(process.execPath, tsc, { cwd: ROOT });
});
afterAll(() => {
  repo.remove();
  rmSync(compiled, { recursive: true, force: true });
});

test('the compiled command compares compiled journeys, and says what to do about a git ref with sources only', async () => {
  const diff = [join(compiled, 'cli', 'main.js'), 'diff', '--events', '/dev/null'];
  const folders = await run([...diff, join(compiled, 'journeys'), join(compiled, 'journeys')], {});
  expect(folders).toMatchObject({ code: 0, stdout: expect.stringContaining('No journey differs.') });
  const { code, stderr } = await run([...diff, 'main'], { JOURNEYS: repo.journeys });
  expect(code).toBe(1);
  expect(stderr).toContain("This command is compiled, and 'main' has no compiled journeys.");
  expect(stderr).toContain('npm run sojourn -- diff main');
});
