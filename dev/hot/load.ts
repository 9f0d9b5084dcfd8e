import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadJourneyCode, type JourneyCode } from '../../activities/journey-code';
import { checkTemplate } from '../../activities/templates/check';
import { problemsOfAll, type JourneyProblem } from '../../config/check';
import { DefinitionsError } from '../../config/definitions-error';
import { journeysFolder, moduleIn, templatesRoots } from '../../config/definitions-files';
import { forgetModules, journeyModules } from '../../config/journey-modules';
import { isIn, placeIn, placeOfName, problemsIn, type PlacedProblem } from './place';
import { canMatter } from './watch';

/** Journeys as they are written at some moment: the code, or what is wrong with it. */
export type Reading = Loaded & {
  /** Changes when the content of any file of the journeys does. */
  readonly digest: string;
};
/** Journeys that can run, as they were at some moment. */
export type GoodReading = Extract<Reading, { readonly kind: 'good' }>;
type Loaded =
  | { readonly kind: 'good'; readonly code: JourneyCode }
  | {
      readonly kind: 'broken';
      readonly problems: readonly PlacedProblem[];
      /** What could be loaded, but can't run; null when loading failed. */
      readonly code: JourneyCode | null;
    };

/** A folder or module of journeys, which is loaded anew whenever it is read. */
export class JourneySource {
  /** The folders of the journeys and of their templates, as of the last load that succeeded. */
  folders: readonly string[];
  /** The files that the journeys consist of beside those in their folders, as of the last load that succeeded. */
  beside: readonly string[] = [];

  /** @throws {DefinitionsError} when there is no such folder or module */
  constructor(private readonly path: string) {
    this.folders = [journeysFolder(path)];
  }

  /** Loads and checks the journeys as at start. Modules are loaded anew, and those of former loads are left to the garbage collector. */
  async read(): Promise<Reading> {
    for (;;) {
      const files = this.files();
      // Made before the files are loaded: what changes in between makes another edit.
      const digest = this.digest();
      const loaded = await this.load();
      // Until the first load nobody knows which files there are beside the folders.
      if (loaded.kind === 'broken' || this.files().join() === files.join()) return { ...loaded, digest };
    }
  }

  /** `Reading.digest` of this moment. */
  digest(): string {
    const hash = createHash('sha256');
    for (const file of this.files()) {
      const content = existsSync(file) ? readFileSync(file) : '';
      hash.update(`${file}\0${content.length}\0`).update(content);
    }
    return hash.digest('hex');
  }

  private async load(): Promise<Loaded> {
    forgetModules(this.folders);
    try {
      const code = await loadJourneyCode(this.path);
      this.folders = [...new Set([journeysFolder(this.path), ...templatesRoots(this.path)])];
      this.beside = journeyModules(this.folders).filter((file) => !this.folders.some((folder) => isIn(folder, file)));
      const problems = await this.problemsOf(code);
      return problems.length > 0 ? { kind: 'broken', problems, code } : { kind: 'good', code };
    } catch (error) {
      return { kind: 'broken', problems: this.problemsOfLoad(error), code: null };
    }
  }

  private files(): string[] {
    return [...new Set([...this.folders.flatMap((folder) => this.filesIn(folder)), ...this.beside])].sort();
  }

  private filesIn(folder: string): string[] {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .map((entry) => ({ entry, file: join(entry.parentPath, entry.name) }))
      .filter(({ entry, file }) => entry.isFile() && canMatter(file, this.folders))
      .map(({ file }) => file);
  }

  private async problemsOf({ definitions, templates }: JourneyCode): Promise<PlacedProblem[]> {
    const found = await problemsOfAll(definitions, (use) => checkTemplate(templates, use));
    return distinct(
      found.map(({ journey, ...problem }) =>
        journey === null ? { text: problem.text, place: null } : this.placed(journey, problem),
      ),
    );
  }

  /** A problem in a template is there; any other is where the journey calls the step, or at its beginning. */
  private placed(journey: string, { text, step, channel }: JourneyProblem): PlacedProblem {
    const inTemplate = channel === null ? null : placeIn(text, this.folders);
    if (inTemplate) return { text, place: inTemplate };
    const own = this.folders.flatMap((folder) => moduleIn(join(folder, journey), 'journey') ?? []);
    const files = journeyModules(this.folders);
    const near = own.flatMap((file) => files.filter((other) => dirname(other) === dirname(file)));
    const places = [...own, ...near, ...files].flatMap((file) => placeOfName(file, step ?? journey) ?? []);
    return { text, place: places[0] ?? null };
  }

  private problemsOfLoad(error: unknown): PlacedProblem[] {
    if (!(error instanceof DefinitionsError)) return problemsIn(error, this.folders);
    if (error.causes.length === 0) return error.problems.map((text) => ({ text, place: null }));
    return distinct(error.causes.flatMap((cause) => problemsIn(cause, this.folders)));
  }
}

/** A module that fails fails in each journey that imports it. It is named once. */
function distinct(problems: readonly PlacedProblem[]): PlacedProblem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}
