import { resolve } from 'node:path';
import { readEnvironment } from '../config/env';
import { openDatabase } from '../store/database';
import { withDemoJourneys } from './demo-app/settings';
import { report, runInForeground, timed } from './foreground';
import { asker } from './hot/ask';
import { followEdits, type GoodReading } from './hot/follow-edits';
import { JourneySource } from './hot/load';
import { formatProblems } from './hot/place';
import { prepare, startOurs } from './launch';
import { SetupError } from './setup-error';
import { welcome } from './welcome';

const FOLDER = resolve('.sojourn');

/** How everything is run on this machine. What is null comes from the environment. */
export interface DevOptions {
  readonly speed: string | null;
  readonly journeys: string | null;
  readonly port: string | null;
  /** Asks before an edit comes into force. */
  readonly confirm: boolean;
  /** False to leave out the demo. */
  readonly demo: boolean;
}

/** Runs the API, a worker and the servers they need in this process until Ctrl-C, and takes up edits of the journeys. */
export function runDev({ speed, journeys, port, confirm, demo }: DevOptions): void {
  const given = { SPEED: speed, JOURNEYS: journeys, PORT: port, DEMO: demo ? null : 'false' };
  const chosen = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null)) as Record<
    string,
    string
  >;
  runInForeground(async (teardown) => {
    const progress = timed(report);
    const settings = withDemoJourneys(readEnvironment({ LOG_LEVEL: 'warn', ...process.env, ...chosen }));
    const source = new JourneySource(settings.journeysPath);
    progress('checking the journeys');
    const first = await read(source);
    const { config, pages } = await prepare(settings, { folder: FOLDER, report: progress, teardown });
    progress('starting API and worker');
    const running = await startOurs(config, teardown, { ...settings, code: first.code });
    const database = openDatabase(config.databaseUrl, 'sojourn-dev');
    teardown.add({ stop: () => database.close() });
    const answers = confirm ? teardown.add(asker(process.stdin)) : null;
    progress('everything runs');
    console.log(welcome(config, { ...pages, demo: settings.demo ? `${config.publicUrl}/demo` : null }, source.folders));
    teardown.add(await followEdits({ source, first, running, database, asker: answers, report }));
    return 'stay';
  });
}

/** @throws {SetupError} with every problem and its place */
async function read(source: JourneySource): Promise<GoodReading> {
  const reading = await source.read();
  if (reading.kind === 'good') return reading;
  throw new SetupError(`The journeys cannot be used:\n\n${formatProblems(reading.problems)}`);
}
