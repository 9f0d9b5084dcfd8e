import { appendFileSync, existsSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import type { JsonObject } from '../engine/model/json';
import { apiOf } from './api-of';
import type { Api } from './import/api';
import { Checkpoint, type Totals } from './import/checkpoint';
import { dryRun } from './import/dry-run';
import { enterAll, requireJourney, usersIn } from './import/enter';
import { importFile } from './import/import-file';
import { ProgressLine } from './import/progress-line';
import { checkText, reportText } from './import/report-text';
import { send, type Item, type Reject, type Sent } from './import/send';

/** The progress is saved at most this often. Real milliseconds. */
const SAVE_MS = 500;
/** Exit code when some rows were rejected and all others are imported. */
const SOME_REJECTED = 2;

interface Options {
  readonly history?: true;
  readonly enter?: string;
  readonly enterProperties: JsonObject;
  readonly url?: string;
  readonly key?: string;
  readonly concurrency: number;
  readonly dryRun?: true;
}

/** `sojourn import`: imports people and events from files, through the API. */
export const importCommand = new Command('import')
  .description(
    'Import people (.csv) and events (.jsonl) through the API. Run the same command again to go on after an interruption.',
  )
  .argument('<files...>', 'the files, in the order to import them')
  .option('--history', 'as history: it lets nobody enter a journey, and sends nothing')
  .option('--enter <journey>', 'add everyone in the files to this journey afterwards; needs the admin key')
  .option('--enter-properties <json>', 'what the journey gets as the properties of its trigger', readProperties, {})
  .option('--url <url>', 'the API. Default: PUBLIC_URL, or http://localhost:3000')
  .option('--key <key>', 'the admin key or the write key. Default: ADMIN_KEY, or WRITE_KEY')
  .option('--concurrency <number>', 'requests at the same time', readConcurrency, 4)
  .option('--dry-run', 'check the files and send nothing')
  .action(async (files: string[], options: Options) => {
    const [first = ''] = files;
    const rejectsFile = `${first}.rejected.jsonl`;
    if (options.dryRun) {
      // The list of an import that was interrupted stays as it is.
      const list = `${first}.dry-run.rejected.jsonl`;
      rmSync(list, { force: true });
      const checked = await dryRun(files, options.history === true, (file, rejects) =>
        writeRejects(list, file, rejects),
      );
      return finish(checked, (rejectsIn) => checkText(checked, rejectsIn), list);
    }
    const line = new ProgressLine(process.stderr);
    const api = { ...apiOf(options, 'admin or write'), say: (text: string) => line.say(text) };
    if (options.enter !== undefined) await requireJourney(api, options.enter);
    const { history = false, enter = null, enterProperties } = options;
    const checkpoint = Checkpoint.open(`${first}.import.json`, files, {
      url: api.url,
      history,
      enter,
      enterProperties,
    });
    const entered = await run({ api, line }, options, checkpoint, rejectsFile);
    checkpoint.remove();
    const { files: done } = checkpoint.progress;
    const entry = enter === null ? null : { journey: enter, entered };
    finish(done, (rejectsIn) => reportText(done, rejectsIn, entry), rejectsFile);
  });

/** Imports all files, then adds the people to the journey. Returns how many were added. */
async function run(
  { api, line }: { readonly api: Api; readonly line: ProgressLine },
  options: Options,
  checkpoint: Checkpoint,
  rejectsFile: string,
): Promise<number> {
  const { progress } = checkpoint;
  const { history = false, enter, enterProperties } = options;
  if (checkpoint.isResumed) line.say('Resuming the interrupted import.');
  // What was listed after the last save would be listed again. Somebody may have shortened the list.
  const size = existsSync(rejectsFile) ? statSync(rejectsFile).size : 0;
  progress.rejectBytes = checkpoint.isResumed ? Math.min(progress.rejectBytes, size) : 0;
  if (size > progress.rejectBytes) truncateSync(rejectsFile, progress.rejectBytes);
  let savedAt = 0;
  const save = (isLast = false): void => {
    if (!isLast && Date.now() - savedAt < SAVE_MS) return;
    savedAt = Date.now();
    checkpoint.save();
  };
  for (const state of progress.files) {
    const { file } = state;
    await importFile({
      file,
      after: state.line,
      // Events that let people enter stay in their order.
      concurrency: history ? options.concurrency : 1,
      send: (items: readonly Item[]): Promise<Sent> => send(api, items, history),
      done: (last, more, rejects) => {
        progress.rejectBytes += writeRejects(rejectsFile, file, rejects);
        state.line = last;
        state.totals = plus(state.totals, more);
        line.show(file, state.totals);
        save();
      },
    });
    save(true);
    line.end();
  }
  if (enter === undefined) return 0;
  const users = await usersIn(progress.files.map(({ file }) => file));
  await enterAll(api, {
    journey: enter,
    properties: enterProperties,
    users,
    after: progress.entered,
    done: (entered, added) => {
      progress.entered = entered;
      progress.added += added;
      line.say(`${enter}: ${entered} of ${users.length} people`);
      save(true);
    },
  });
  return progress.added;
}

/** @param report makes the text, from the name of the list of rejected rows; null when there are none */
function finish(
  files: readonly { readonly totals: Pick<Totals, 'rejected'> }[],
  report: (rejectsFile: string | null) => string,
  rejectsFile: string,
): void {
  const rejected = files.some(({ totals }) => totals.rejected > 0);
  console.log(report(rejected ? rejectsFile : null));
  if (rejected) process.exitCode = SOME_REJECTED;
}

/** Appends to the list of rejected rows. Returns the number of bytes. */
function writeRejects(path: string, file: string, rejects: readonly Reject[]): number {
  if (rejects.length === 0) return 0;
  const text = rejects.map((reject) => `${JSON.stringify({ file, ...reject })}\n`).join('');
  if (!existsSync(path)) writeFileSync(path, '', { mode: 0o600 });
  appendFileSync(path, text);
  return Buffer.byteLength(text);
}

function plus(a: Totals, b: Totals): Totals {
  return {
    rows: a.rows + b.rows,
    stored: a.stored + b.stored,
    duplicates: a.duplicates + b.duplicates,
    rejected: a.rejected + b.rejected,
  };
}

function readProperties(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  } catch {
    // The same message as for a value that is no object.
  }
  throw new InvalidArgumentError(`Expected a JSON object, such as '{"plan": "free"}'.`);
}

function readConcurrency(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= 32) return number;
  throw new InvalidArgumentError('Expected a whole number from 1 to 32.');
}
