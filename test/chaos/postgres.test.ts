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
