import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { asker } from '../../dev/hot/ask';
import { formatProblems, placeIn, placeOfName, problemsIn } from '../../dev/hot/place';
import { typeErrorsIn } from '../../dev/hot/type-check';
import { canMatter } from '../../dev/hot/watch';
import { SHIPPED_JOURNEYS } from '../../config/env';
import { inTemporaryFolder } from '../support/folder';

/** The parts of `npm start` that take up edits, each alone. edit-on-save.test.ts has them together. */

test('journeys that are read again and again leave nothing of former readings in memory', () => {
  const args = ['--expose-gc', '--import', require.resolve('tsx'), join(__dirname, 'fixtures', 'reload.ts')];
  const { kept, modules } = JSON.parse(
    execFileSync(process.execPath, [...args, SHIPPED_JOURNEYS], { encoding: 'utf8' }),
  ) as { kept: number; modules: number };
  expect(modules).toBeGreaterThan(5);
  expect(kept).toBeLessThanOrEqual(2);
});

test('a problem has the place of the author who can mend it: no package, not Sojourn, and no file that is not there', () =>
  inTemporaryFolder(async (folder) => {
    const file = join(folder, 'journey.ts');
    writeFileSync(file, "first\n  j.send('welcome', x)\nlast\n");
    const stack = `Error: no\n    at f (${require.resolve('pg')}:3:1)\n    at ${resolve('engine/index.ts')}:1:1\n    at ${join(folder, 'gone.ts')}:9:9\n    at g (${file}:2:5)`;
    expect(placeIn(stack, [folder])).toEqual({ file, line: 2, column: 4 });
    expect(placeIn('welcome: journey.ts:3: unknown variable', [folder])).toEqual({ file, line: 3, column: null });
    expect(placeIn('nothing', [folder])).toBeNull();
    expect(placeOfName(file, 'welcome')).toEqual({ file, line: 2, column: 9 });
    expect(placeOfName(file, 'first')).toBeNull();
    const syntax = `Transform failed with 2 errors:\n${file}:1:3: ERROR: Expected ";"\n${file}:3:0: ERROR: Unexpected "l"`;
    expect(problemsIn(Object.assign(new Error(syntax)), [folder])).toEqual([
      { text: 'Expected ";"', place: { file, line: 1, column: 3 } },
      { text: 'Unexpected "l"', place: { file, line: 3, column: 0 } },
    ]);
    const shown = formatProblems([
      { text: 'There is no template.', place: placeOfName(file, 'welcome') },
      { text: 'No place.', place: null },
    ]);
    expect(shown).toContain(`journey.ts:2:10: There is no template.`);
    expect(shown).toContain(`> 2 |   j.send('welcome', x)\n    |          ^`);
    expect(shown).toMatch(/\n\nNo place\.$/);
  }));

test('tests, hidden files, packages and what editors keep beside a file are no edits', () => {
  const matters = (file: string): boolean =>
    canMatter(`/home/.me/node_modules/journeys/${file}`, ['/home/.me/node_modules/journeys']);
  expect(
    ['a/journey.ts', 'a/templates/b.email.mjml', 'policy.ts', '../lib/times.ts'].filter((file) => !matters(file)),
  ).toEqual([]);
  expect(['a/a.test.ts', 'a/.journey.ts.swp', 'a/journey.ts~', 'node_modules/x/index.js'].filter(matters)).toEqual([]);
});

test('only a yes to the present question is a yes', async () => {
  const input = new PassThrough();
  const { ask, stop } = asker(input);
  const print = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  const never = new AbortController().signal;
  const answered = async (line: string): Promise<boolean> => {
    const answer = ask('Apply? ', never);
    input.write(`${line}\n`);
    return answer;
  };
  expect([
    await answered('y'),
    await answered(' YES '),
    await answered('n'),
    await answered(''),
    await answered('yo'),
  ]).toEqual([true, true, false, false, false]);
  const outdated = new AbortController();
  const dropped = ask('Apply? ', outdated.signal);
  outdated.abort();
  await expect(dropped).resolves.toBe(false);
  const last = ask('Apply? ', never);
  input.end();
  await expect(last).resolves.toBe(false);
  await expect(ask('Apply? ', never)).resolves.toBe(false);
  await stop();
  print.mockRestore();
});

test('errors of types have their places, and the lines that explain them', () => {
  const output = [
    "journeys/welcome/journey.ts(7,14): error TS2322: Type 'A' is not assignable to type 'B'.",
    "  Property 'c' is missing.",
    "../lib.ts(1,1): error TS1005: ';' expected.",
    'error TS18003: No inputs were found.',
    '',
  ].join('\n');
  expect(typeErrorsIn(output)).toEqual([
    {
      text: "TS2322: Type 'A' is not assignable to type 'B'.\n  Property 'c' is missing.",
      place: { file: resolve('journeys/welcome/journey.ts'), line: 7, column: 13 },
    },
    { text: "TS1005: ';' expected.", place: { file: resolve('../lib.ts'), line: 1, column: 0 } },
    { text: 'TS18003: No inputs were found.', place: null },
  ]);
  expect(typeErrorsIn('')).toEqual([]);
});
