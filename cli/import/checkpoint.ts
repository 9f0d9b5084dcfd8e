import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const totals = z.object({ rows: z.int(), stored: z.int(), duplicates: z.int(), rejected: z.int() });
const fileState = z.object({
  file: z.string(),
  size: z.number(),
  modified: z.number(),
  /** All rows up to this line are done. */
  line: z.int(),
  totals,
});
const task = z.object({
  /** The address of the API. */
  url: z.string(),
  history: z.boolean(),
  /** The journey to which everyone is added afterwards; null for none. */
  enter: z.string().nullable(),
  enterProperties: z.record(z.string(), z.unknown()),
});
const state = z.object({
  task,
  files: z.array(fileState),
  /** The length of the list of rejected rows that belongs to this state, in bytes. */
  rejectBytes: z.int(),
  /** So many people are done: added to the journey, or left out. */
  entered: z.int(),
  /** So many of them are added to the journey. */
  added: z.int(),
});

/** How many rows of a file are done, and what became of the calls of these. */
export type Totals = z.infer<typeof totals>;

/** What an import does with its files. */
export type Task = z.infer<typeof task>;

/** How far an import has come. It is kept in a file, so that an import that was interrupted goes on. */
export type Progress = z.infer<typeof state>;

const NOTHING: Totals = { rows: 0, stored: 0, duplicates: 0, rejected: 0 };

/** The progress of an import in a file beside the imported ones. */
export class Checkpoint {
  private constructor(
    private readonly path: string,
    readonly progress: Progress,
    /** Whether an earlier run was interrupted. */
    readonly isResumed: boolean,
  ) {}

  /**
   * Opens the progress of an earlier run, unless that did something else with the files, or a file has changed since. Then the import
   * begins anew, which stores nothing twice.
   */
  static open(path: string, files: readonly string[], task: Task): Checkpoint {
    const fresh: Progress = {
      task,
      files: files.map((file) => {
        const { size, mtimeMs } = statSync(file);
        return { file, size, modified: mtimeMs, line: 0, totals: NOTHING };
      }),
      rejectBytes: 0,
      entered: 0,
      added: 0,
    };
    const known = existsSync(path) ? readState(path) : null;
    return known && identity(known) === identity(fresh)
      ? new Checkpoint(path, known, true)
      : new Checkpoint(path, fresh, false);
  }

  save(): void {
    const { path } = this;
    writeFileSync(`${path}.new`, JSON.stringify(this.progress), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  }

  /** Forgets the progress of an import that is complete. */
  remove(): void {
    rmSync(this.path, { force: true });
  }
}

/** What has to be the same for an import to go on. */
function identity({ task: { url, history, enter, enterProperties }, files }: Progress): string {
  return JSON.stringify([
    url,
    history,
    enter,
    enterProperties,
    files.map(({ file, size, modified }) => [file, size, modified]),
  ]);
}

function readState(path: string): Progress | null {
  try {
    return state.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
}
