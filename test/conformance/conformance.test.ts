import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bundleSdk } from '../../dev/bundle-sdk';
import type { TestApi } from '../api/server';
import { startConformanceApi } from './api';
import { CHECKS } from './checks';
import { inTurns, runChecks } from './run';

/** Long, because the machine may be busy. */
const PATIENCE_MS = 400_000;
/** Short: a client that does not do what is expected is waited for in vain. */
const PATIENCE_WITH_A_FAULT_MS = 8_000;

/** The faults of `clients/faulty.mjs`, and a check that each of them must fail. */
const FAULTS: readonly (readonly [fault: string, check: string])[] = [
  ['token in the address', 'the token is in a header of every request, and never in an address'],
  ['no new token', 'a client whose token is refused gets a new one, and loses nothing'],
  ['no new token', 'a stream that ends because of its token is opened again with a new one'],
  ['no If-None-Match', 'a client that polls says which state it has'],
  ['no Last-Event-ID', 'a client that connects again says which state it has, and misses nothing'],
  ['no back-off', 'a client that can not connect waits longer each time'],
  ['no back-off', 'a stream that ends at once is a failure'],
  ['no back-off', 'a client that gets no stream polls'],
  ['deaf to Retry-After', 'a client waits as long as an answer asks it to'],
  ['deaf to silence', 'a client that hears nothing for 40 seconds connects again, and not before'],
  ['impatient with silence', 'a client that hears nothing for 40 seconds connects again, and not before'],
  ['shows what is unknown', 'what a client does not know is ignored'],
  ['blind to time', 'a message that expires vanishes, also without network'],
  ['drops on 5xx', 'a reaction is repeated after an error of the server, and where no answer came'],
  ['drops on 5xx', 'reactions are sent in the order in which they happened'],
  ['drops on 429', 'a reaction is repeated after an error of the server, and where no answer came'],
  ['repeats for ever', 'what is refused for good is dropped, and what follows is sent'],
  ['another id each time', 'an event whose answer was lost is repeated with its id, and counts once'],
  ['a session for each event', 'a session ends after half an hour without activity'],
  ['one session for ever', 'a session ends after half an hour without activity'],
  ['exposures are active', 'that a variant was read is reported once in a session'],
  ['forgets at a restart', 'what the user did without network is sent after a restart, in order'],
  ['forgets at a restart', 'a start without network shows the last state, without what has expired'],
  ['one queue for all users', 'what one user did is never sent in the name of another'],
];

let api: TestApi;
let folder: string;
beforeAll(async () => {
  api = await startConformanceApi();
  folder = mkdtempSync(join(tmpdir(), 'sojourn-core-'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  for (const [name, content] of (await bundleSdk()).files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await api.stop();
});

const client = (name: string): string => join(__dirname, 'clients', name);
const core = (): string => join(folder, 'core.js');

async function failuresOf(command: string): Promise<object> {
  const outcomes = await runChecks(api, CHECKS, { command, patienceMs: PATIENCE_MS });
  return Object.fromEntries(
    outcomes.flatMap(({ check, error }) => (error ? [[check.name, error.message] as const] : [])),
  );
}

test('our own core does what the protocol says', async () => {
  expect(await failuresOf(`node ${client('core.mjs')} ${core()}`)).toEqual({});
});

test('so does a client for Python that shares no code with it', async () => {
  expect(await failuresOf(`python3 ${client('client.py')}`)).toEqual({});
});

test('a client with a fault fails the check of the sentence that it breaks', async () => {
  const missed = await inTurns(FAULTS, async ([fault, name]) => {
    const checks = CHECKS.filter((check) => check.name === name);
    const command = `node ${client('faulty.mjs')} ${core()} '${fault}'`;
    const [outcome] = await runChecks(api, checks, { command, patienceMs: PATIENCE_WITH_A_FAULT_MS });
    return outcome?.error ? [] : [`${fault}: ${name}`];
  });
  expect(missed.flat()).toEqual([]);
});

test('each check quotes the protocol', () => {
  const plain = (text: string): string => text.replace(/\s+/g, ' ');
  const protocol = plain(readFileSync(join(__dirname, '..', '..', 'docs', 'in-app-protocol.md'), 'utf8'));
  expect(CHECKS.filter(({ says }) => !protocol.includes(plain(says))).map(({ says }) => says)).toEqual([]);
});
