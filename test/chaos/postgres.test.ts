import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../dev/port';
import { ensureDatabase, startPostgres, type Postgres } from '../../dev/postgres';
import { migrate } from '../../store/migrate';
import { until } from '../support/until';
import { report } from './support/account';
import { cast, live } from './support/cast';
import { deploy, type Deployment } from './support/deployment';
import { askForLetters, copies, letAllArrive, LETTER_JOURNEYS } from './support/letters';
import { expectExactlyOnce } from './support/verdict';

const LIFECYCLES = 60;
const DATABASE = 'sojourn';

let folder: string;
let port: number;
let postgres: Postgres;
let deployment: Deployment;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sojourn-chaos-postgres-'));
  port = await freePort();
  await startAgain();
  await ensureDatabase(postgres, DATABASE);
  await migrate(postgres.url(DATABASE));
  deployment = await deploy({ databaseUrl: postgres.url(DATABASE) });
});
afterEach(async () => {
  await deployment.stop();
  await postgres.kill();
  rmSync(folder, { recursive: true, force: true });
});

async function startAgain(): Promise<void> {
  postgres = await startPostgres({ folder, preferredPort: port });
}

test('PostgreSQL stopped and killed mid-journey: every decision is made once, no message is lost', async () => {
  const { smtp } = deployment;
  const people = cast(LIFECYCLES);
  await deployment.startWorker();
  const lives = live(deployment, people);
  for (const [mails, how] of [
    [10, 'stop'],
    [25, 'kill'],
    [45, 'stop'],
    [70, 'kill'],
  ] as const) {
    await until(`${mails} mails`, () => smtp.messages.length >= mails, { everyMs: 5 });
    await postgres[how]();
    await startAgain();
  }
  await lives;
  const counts = await expectExactlyOnce(deployment, people);
  report('PostgreSQL restarted', { lifecycles: LIFECYCLES, restarts: 4, ...counts });
});

test('PostgreSQL away for longer than any claim while mails are accepted: no second copy', async () => {
  const letters = await deploy({ databaseUrl: postgres.url(DATABASE), journeysPath: LETTER_JOURNEYS });
  try {
    const { smtp } = letters;
    smtp.behave({ kind: 'silent' });
    await Promise.all([letters.startWorker(), letters.startWorker()]);
    const readers = await askForLetters(letters, 5);
    await until('the server has read every letter', () => smtp.messages.length === readers.length);
    await postgres.stop();
    smtp.answer();
    const away = Date.now();
    await until('it was away for over a minute', () => Date.now() > away + 75_000, { everyMs: 1_000 });
    // When the database is back, every claim has run out.
    await startAgain();
    await letAllArrive(letters);
    expect(copies(letters, readers)).toEqual({ unsubscribes: [1], 'is erased': [1], leaves: [1], 'says nothing': [1] });
  } finally {
    await letters.stop();
  }
});
