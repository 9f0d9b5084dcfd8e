import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Exploration } from '../../engine/explore';
import { inTemporaryFolder } from '../support/folder';

const ROOT = join(__dirname, '..', '..');
const SHIPPED = join(ROOT, 'journeys');
const DEFECTIVE = join(ROOT, 'test', 'fixtures', 'defective');

/** Runs `sojourn explore` on the journeys in a folder. */
async function explore(
  journeys: string,
  ...options: string[]
): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const command = ['--import', 'tsx', join(ROOT, 'cli', 'main.ts'), 'explore', ...options];
  const env = { PATH: process.env['PATH'], JOURNEYS: journeys };
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, command, { cwd: ROOT, env })) };
  } catch (error) {
    return error as { code: unknown; stdout: string; stderr: string };
  }
}

test('--check names each defect with its step and path, and exits with 1', async () => {
  const { code, stdout } = await explore(DEFECTIVE, '--check');
  expect(code).toBe(1);
  expect(stdout).toContain("✗ endless wait 'done': can wait forever: set `within`\n      on the path open (done)");
  expect(stdout).toContain("✗ template 'well done': stuck, step 'well done': email template 'nowhere': there is no");
});

test('without --check the report shows defects too, below the paths and the figures', async () => {
  const { code, stdout } = await explore(DEFECTIVE, 'stuck');
  expect(code).toBe(0);
  expect(stdout).toContain('  ├ Done\n  │   well done  (send: email nowhere)\n  │   ■ end');
  expect(stdout).toContain('longest   one may never end');
  expect(stdout).toContain('✗ endless wait');
});

test('what a journey names and what is not there is a defect, or a warning if it may be published', async () => {
  const { code, stdout } = await explore(DEFECTIVE, 'lost', '--check');
  expect(code).toBe(1);
  expect(stdout).toContain("✗ send without channel 'hello': the message has no channel");
  expect(stdout).toContain("✗ unknown step: onEdit moves users from 'a week' to 'tow weeks', which is no step");
  expect(stdout).toContain("! unknown journey 'the course': no journey in code is 'coruse'");
});

test('a step that sends by a channel of which no file says how is a defect, with the file to write', () =>
  inTemporaryFolder(async (folder) => {
    mkdirSync(join(folder, 'alarm', 'templates'), { recursive: true });
    writeFileSync(
      join(folder, 'alarm', 'journey.ts'),
      `import { journey, manual } from 'sojourn';
export default journey('alarm', { enter: manual() }, async (j) => {
  await j.send('call', { sms: 'call' });
});`,
    );
    writeFileSync(join(folder, 'alarm', 'templates', 'call.sms.yaml'), 'text: "Fire"');
    const found = await explore(folder, '--check');
    expect(found.code).toBe(1);
    expect(found.stdout).toContain(
      "✗ channel without file 'call': sends by sms, but no file channels/sms says how. Write channels/sms.ts beside the journeys, " +
        'with `export default sms({ providers: [twilioSms()] })`',
    );
    mkdirSync(join(folder, 'channels'));
    writeFileSync(
      join(folder, 'channels', 'sms.ts'),
      "import { sms, twilioSms } from 'sojourn';\nexport default sms({ providers: [twilioSms()] });",
    );
    expect(await explore(folder, '--check')).toMatchObject({ code: 0 });
  }));

test('journeys that lead to one another without end are a defect of each', () =>
  inTemporaryFolder(async (folder) => {
    for (const [id, other] of [
      ['ping', 'pong'],
      ['pong', 'ping'],
    ]) {
      mkdirSync(join(folder, `${id}`));
      writeFileSync(
        join(folder, `${id}`, 'journey.ts'),
        `import { journey, manual } from 'sojourn';
export default journey('${id}', { enter: manual(), reenter: 'always' }, async (j) => {
  await j.start('on', '${other}');
});`,
      );
    }
    const { code, stdout } = await explore(folder, '--check');
    expect(code).toBe(1);
    expect(stdout).toContain("✗ endless cycle: ping goes on without end: 'ping' starts 'pong'; 'pong' starts 'ping'.");
    expect(stdout).toContain("✗ endless cycle: pong goes on without end: 'pong' starts 'ping'; 'ping' starts 'pong'.");
  }));

test('the longest duration says where it depends on data', async () => {
  const { stdout } = await explore(join(ROOT, 'examples'), 'renewal');
  expect(stdout).toContain(
    "longest   depends on data: 0 s, or longer by the waits in '30 days before', '7 days before'\n",
  );
});

test('--json prints one report per journey, --mermaid its diagram', async () => {
  const { stdout } = await explore(SHIPPED, '--json', 'win-back');
  const reports = JSON.parse(stdout) as Exploration[];
  expect(reports).toMatchObject([{ journey: 'win-back', defects: [], budget: { messages: 3, most: 3 } }]);
  expect((await explore(SHIPPED, '--mermaid', 'win-back')).stdout).toMatch(/^flowchart TD\n {2}enter/);
});

test('an unknown journey and an invalid bound are reported in one sentence', async () => {
  const unknown = await explore(SHIPPED, 'nope');
  expect(unknown.code).toBe(1);
  expect(unknown.stderr).toMatch(/^Unknown journey: 'nope'\. Expected one of .*onboarding.*\.\n$/);
  const { code, stderr } = await explore(SHIPPED, '--paths', 'many');
  expect(code).toBe(1);
  expect(stderr).toContain('Expected a whole number, 1 or more.');
});
