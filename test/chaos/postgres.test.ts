import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../dev/port';
import { ensureDatabase, startPostgres, type Postgres } from '../../dev/postgres';
import { migrate } from '../../store/migrate';
import { FIXTURE_JOURNEYS } from '../support/lifecycle';
import { until } from '../support/until';
import { report } from './support/account';
import { cast, live } from './support/cast';
import { deploy, type Deployment } from './support/deployment';
import { askForLetters, copies, letAllArrive, LETTER_JOURNEYS } from './support/letters';
import { expectExactlyOnce } from './support/verdict';

const LIFECYCLES = 60;
const DATABASE = 'sojourn';

/** A PostgreSQL of its own, which can be stopped, killed and started again. */
class OwnPostgres {
  private readonly folder = mkdtempSync(join(tmpdir(), 'sojourn-chaos-postgres-'));
  private server!: Postgres;

  private constructor(private readonly port: number) {}

  static async start(): Promise<OwnPostgres> {
    const own = new OwnPostgres(await freePort());
    await own.startAgain();
    await ensureDatabase(own.server, DATABASE);
    await migrate(own.url);
    return own;
  }

  get url(): string {
    return this.server.url(DATABASE);
  }

  async startAgain(): Promise<void> {
    this.server = await startPostgres({ folder: this.folder, preferredPort: this.port });
  }

  stop(how: 'stop' | 'kill'): Promise<void> {
    return this.server[how]();
  }

  async remove(): Promise<void> {
    await this.server.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Runs a test with a PostgreSQL of its own, and with the API on it. */
async function withPostgres(
  journeysPath: string,
  run: (postgres: OwnPostgres, deployment: Deployment) => Promise<void>,
): Promise<void> {
  const postgres = await OwnPostgres.start();
  const deployment = await deploy({ databaseUrl: postgres.url, journeysPath });
  try {
    await run(postgres, deployment);
  } finally {
    await deployment.stop();
    await postgres.remove();
  }
}

// The second test mostly waits, so both run at the same time.
test.concurrent('PostgreSQL stopped and killed mid-journey: every decision is made once, no message is lost', () =>
  withPostgres(FIXTURE_JOURNEYS, async (postgres, deployment) => {
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
      await postgres.stop(how);
      await postgres.startAgain();
    }
    await lives;
    const counts = await expectExactlyOnce(deployment, people);
    report('PostgreSQL restarted', { lifecycles: LIFECYCLES, restarts: 4, ...counts });
  }),
);

test.concurrent('PostgreSQL away for longer than any claim while mails are accepted: no second copy', () =>
  withPostgres(LETTER_JOURNEYS, async (postgres, letters) => {
    const { smtp } = letters;
    smtp.behave({ kind: 'silent' });
    await Promise.all([letters.startWorker(), letters.startWorker()]);
    const readers = await askForLetters(letters, 5);
    await until('the server has read every letter', () => smtp.messages.length === readers.length);
    await postgres.stop('stop');
    smtp.answer();
    const away = Date.now();
    await until('it was away for over a minute', () => Date.now() > away + 75_000, { everyMs: 1_000 });
    // When the database is back, every claim has run out.
    await postgres.startAgain();
    await letAllArrive(letters);
    expect(copies(letters, readers)).toEqual({ unsubscribes: [1], 'is erased': [1], leaves: [1], 'says nothing': [1] });
  }),
);
