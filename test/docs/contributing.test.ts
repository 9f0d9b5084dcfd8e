import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

interface Layers {
  readonly LAYERS: Readonly<Record<string, readonly string[]>>;
  readonly TYPES_ONLY: readonly string[];
}

/** What lint goes by. Node.js reads it, since Jest can't: it is an ES module. */
function layers(): Layers {
  const script = `import('./layers.mjs').then((layers) => console.log(JSON.stringify(layers)))`;
  return JSON.parse(execFileSync(process.execPath, ['--eval', script], { cwd: ROOT, encoding: 'utf8' })) as Layers;
}

/** The rows of the table "Where things are": a folder, and what it may import. */
function rows(): [string, string][] {
  const [, section = ''] = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8').split('## Where things are', 2);
  return [...section.matchAll(/^\| `([^`]+)\/` *\|[^|]*\| *([^|]*?) *\|$/gm)].map(([, folder = '', imports = '']) => [
    folder,
    imports,
  ]);
}

test('CONTRIBUTING.md says what each folder may import as lint enforces it', () => {
  const { LAYERS, TYPES_ONLY } = layers();
  const enforced = Object.entries(LAYERS)
    .filter(([folder]) => !folder.includes('/'))
    .map(([folder, allowed]) => {
      const list = allowed.join(', ') || 'nothing of ours';
      return [folder, TYPES_ONLY.includes(folder) ? `types of ${list}` : list];
    });
  expect(rows().filter(([, imports]) => imports !== 'anything')).toEqual(enforced);
});
