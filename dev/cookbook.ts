import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of the examples, a folder of journeys like any other. */
export const EXAMPLES = join(__dirname, '..', 'examples');

/** A journey of an example, as its file reads. */
export interface CookbookJourney {
  readonly id: string;
  /** What the team says: the comment above the journey. */
  readonly says: string;
  /** The file without that comment. */
  readonly code: string;
  /** Lines of code, without blank lines and comments. */
  readonly lines: number;
}

/** An entry of the cookbook. */
export interface CookbookEntry {
  /** The name of its folder. */
  readonly name: string;
  /** The journey of that folder, and further ones in folders beside it: `invite`, `invite-reward`. */
  readonly journeys: readonly CookbookJourney[];
  /** The files of its templates. */
  readonly templates: readonly string[];
  /** What its test pins: the names of the tests. */
  readonly edges: readonly string[];
}

/** Reads all entries of the cookbook, in the order of their names. */
export function cookbookEntries(): CookbookEntry[] {
  const folders = readdirSync(EXAMPLES, { withFileTypes: true })
    .filter((entry) => existsSync(join(EXAMPLES, entry.name, 'journey.ts')))
    .map(({ name }) => name)
    .sort();
  const isPartOf = (folder: string, entry: string): boolean => folder.startsWith(`${entry}-`);
  return folders
    .filter((folder) => !folders.some((other) => isPartOf(folder, other)))
    .map((name) => {
      const parts = folders.filter((folder) => folder === name || isPartOf(folder, name));
      return {
        name,
        journeys: parts.map(readJourney),
        templates: parts.flatMap((folder) => filesIn(join(EXAMPLES, folder, 'templates'))),
        edges: parts.flatMap((folder) => testNames(read(join(EXAMPLES, folder, `${folder}.test.ts`)))),
      };
    });
}

/** The comment right above `export default`. */
const SAYS = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n(?=export default )/;

function readJourney(id: string): CookbookJourney {
  const source = read(join(EXAMPLES, id, 'journey.ts'));
  const [, comment = ''] = SAYS.exec(source) ?? [];
  return {
    id,
    says: comment
      .replace(/^\s*\*/gm, '')
      .replace(/\s+/g, ' ')
      .trim(),
    code: source.replace(SAYS, '').trim(),
    lines: source
      .replace(/\/\*[\s\S]*?\*\//g, '')
      .split('\n')
      .filter((line) => line.trim() !== '' && !line.trim().startsWith('//')).length,
  };
}

/** `test('name'`, `test.each([…])('name'`, and the end of a table over several lines: `])('name'`. */
const TEST = /^\s*(?:test(?:\.each\(.*\))?|\]\))\(\s*(['"`])((?:\\.|(?!\1).)*)\1/gm;

function testNames(source: string): string[] {
  return [...source.matchAll(TEST)].map(([, , name = '']) => name.replace(/ \(%\w\)/g, ''));
}

function read(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

function filesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).map((file) => join(folder, file)) : [];
}
