import { FRESH_MS } from '../../activities/hand-over';
import { until } from '../support/until';
import { deploy, type Deployment } from './support/deployment';
import { askForLetters, copies, give, letAllArrive, LETTER_JOURNEYS, withoutLetter } from './support/letters';

const PEOPLE = 45;
/** The SMTP connections of a worker: as many letters are being read by the server, all others wait. */
const CONNECTIONS = 5;

let deployment: Deployment;
beforeEach(async () => void (deployment = await deploy({ journeysPath: LETTER_JOURNEYS })));
afterEach(() => deployment.stop());

const ONLY_TO_THOSE_WHO_SAID_NOTHING = { unsubscribes: [0], 'is erased': [0], leaves: [0], 'says nothing': [1] };

test('letters that wait for a slow server: a second after a "no" is answered, none is handed over', async () => {
  const { smtp, database } = deployment;
  smtp.behave({ kind: 'silent' });
  await deployment.startWorker();
  const readers = await askForLetters(deployment, PEOPLE);
  await until('the server reads letters', () => smtp.messages.length === CONNECTIONS);
  const waiting = withoutLetter(deployment, readers);
  const answered = await give(deployment, waiting);
  await until('the second is over', () => Date.now() > answered + FRESH_MS);
  smtp.behave({ kind: 'accept' });
  smtp.answer();
  await letAllArrive(deployment);
  expect(copies(deployment, waiting)).toEqual(ONLY_TO_THOSE_WHO_SAID_NOTHING);
  const { rows } = await database.pool.query<{ status: string; reason: string }>(
    `SELECT DISTINCT status, reason FROM messages ORDER BY status`,
  );
  expect(rows).toEqual([
    { status: 'cancelled', reason: 'left the journey' },
    { status: 'sent', reason: 'allowed' },
    { status: 'suppressed', reason: 'no consent' },
  ]);
});

test('a worker frozen past its claims: it hands over nothing after a "no", and no second copy of what waited', async () => {
  const { smtp } = deployment;
  smtp.behave({ kind: 'silent' });
  const frozen = await deployment.startWorker();
  const readers = await askForLetters(deployment, PEOPLE);
  await until('the server reads letters', () => smtp.messages.length === CONNECTIONS);
  const waiting = withoutLetter(deployment, readers);
  process.kill(frozen.pid ?? NaN, 'SIGSTOP');
  smtp.behave({ kind: 'accept' });
  await give(deployment, waiting);
  await deployment.startWorker();
  await letAllArrive(deployment);
  process.kill(frozen.pid ?? NaN, 'SIGCONT');
  smtp.answer();
  // A worker that stops ends the attempts it has begun.
  await frozen.stop('SIGTERM');
  expect(await frozen.exited).toContain('code 0');
  expect(copies(deployment, waiting)).toEqual(ONLY_TO_THOSE_WHO_SAID_NOTHING);
});
