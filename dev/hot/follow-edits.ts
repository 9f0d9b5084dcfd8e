import { relative } from 'node:path';
import type { JourneyCode, RunningJourneys } from '../../activities/journey-code';
import { changedJourneys } from '../../cli/diff/report';
import { runningTogether } from '../../cli/stored';
import { readClock } from '../../store/clock';
import { openDatabase, type Database } from '../../store/database';
import { previewInFlight } from '../../store/in-flight';
import { storedInForce } from '../../store/stored-journeys';
import type { Report } from '../report';
import type { Part } from '../teardown';
import type { Asker } from './ask';
import type { GoodReading, JourneySource, Reading } from './load';
import { formatProblems } from './place';
import { previewText } from './preview-text';
import type { TypeCheck } from './type-check';
import { watchFolders } from './watch';

/** Time limit of the preview; the remaining people are left out. Real milliseconds. */
const PATIENCE_MS = 10_000;

/** What edits are taken up with. */
export interface EditParts {
  readonly source: JourneySource;
  /** The journeys in force. */
  readonly first: GoodReading;
  /** What runs the journeys. */
  readonly running: readonly RunningJourneys[];
  readonly databaseUrl: string;
  /** Is asked before an edit comes into force; null for nobody. */
  readonly asker: Asker | null;
  /** Looks at the types of an edit that has come into force; null for nobody. */
  readonly types: Pick<TypeCheck, 'start'> | null;
  /** Is told of the journeys as they are written, whether they can run or not. */
  readonly onRead: (reading: Reading) => void;
  readonly report: Report;
}

/**
 * Watches the journeys. Each edit is checked as at start, its effect on people in flight is shown, and then it comes into force. An edit that
 * can't run is reported with its place, and the journeys in force stay.
 */
export async function followEdits(parts: EditParts): Promise<Part> {
  const { source, report, databaseUrl } = parts;
  const database = openDatabase(databaseUrl, 'sojourn-dev');
  const edits = new Edits(parts, database, () => {
    watch.add([...source.folders, ...source.beside]);
  });
  const watch = await watchFolders(source, (files) => {
    edits.saved(files);
  });
  // What was saved since the journeys were read, while everything started.
  edits.saved([]);
  return {
    stop: async () => {
      await watch.stop();
      await edits.idle().catch((error: unknown) => report(String(error)));
      await database.close();
    },
  };
}

class Edits {
  private inForce: GoodReading;
  private isBroken = false;
  /** Aborted as soon as a newer edit is known. */
  private newest = new AbortController();
  private work: Promise<void> = Promise.resolve();

  constructor(
    private readonly parts: EditParts,
    private readonly database: Database,
    /** Called when the journeys may consist of other files. */
    private readonly onFiles: () => void,
  ) {
    this.inForce = parts.first;
  }

  /** Notes that these files have changed. A former edit that is not in force yet is dropped: this one includes it. */
  saved(files: readonly string[]): void {
    this.newest.abort();
    this.newest = new AbortController();
    const { signal } = this.newest;
    this.work = this.work
      .then(() => (signal.aborted ? undefined : this.takeUp(files, signal)))
      .catch((error: unknown) => this.parts.report(`The edit could not be taken up: ${String(error)}`));
  }

  async idle(): Promise<void> {
    this.newest.abort();
    await this.work;
  }

  private async takeUp(files: readonly string[], signal: AbortSignal): Promise<void> {
    const { source, running, asker, types, report } = this.parts;
    const isOutdated = (): boolean => signal.aborted;
    if (source.digest() === this.inForce.digest) {
      if (this.isBroken) report('The journeys are again as those in force.\n');
      this.isBroken = false;
      this.parts.onRead(this.inForce);
      return;
    }
    const reading = await source.read();
    if (isOutdated()) return;
    this.parts.onRead(reading);
    report(`${namesOf(files)} changed.`);
    this.isBroken = reading.kind === 'broken';
    if (reading.kind === 'broken') {
      report(`The edit is not applied, and the journeys in force stay:\n\n${formatProblems(reading.problems)}\n`);
      return;
    }
    this.onFiles();
    for (const line of await this.preview(reading.code)) report(line);
    if (asker && !(await asker.ask('  Apply this edit? [y/N] ', signal))) {
      report(isOutdated() ? '\n' : 'Not applied. The next save asks again.\n');
      return;
    }
    if (isOutdated()) return;
    this.inForce = reading;
    const taken = await Promise.allSettled(running.map((part) => part.replace(reading.code)));
    const failures = taken.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []));
    report(failures[0] ? `Applied as soon as the database answers: ${failures[0]}\n` : 'Applied.\n');
    types?.start();
  }

  private async preview(code: JourneyCode): Promise<string[]> {
    const { database } = this;
    const { definitions: former } = this.inForce.code;
    const { definitions } = code;
    try {
      const together = await runningTogether(definitions, await storedInForce(database.pool));
      const clock = await readClock(database);
      const deadline = Date.now() + PATIENCE_MS;
      const summary = await previewInFlight(database.pool, together, {
        now: () => clock.now(),
        enough: () => Date.now() > deadline,
      });
      return previewText(changedJourneys(former, definitions), former.version !== definitions.version, summary);
    } catch (error) {
      return [`What the edit does to people in flight is not known: ${String(error)}`];
    }
  }
}

function namesOf(files: readonly string[]): string {
  const [first, ...others] = files.map((file) => relative(process.cwd(), file));
  if (first === undefined) return 'While everything started, the journeys';
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}
