import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../config/config';
import { signUserToken } from '../../config/tokens';
import { startServer } from '../../server';
import { migrate } from '../../store/migrate';
import { report, runInForeground } from '../foreground';
import { freePort } from '../port';
import { DATABASE, ensureDatabase, startPostgres } from '../postgres';
import { randomKey } from '../secrets';
import { SetupError } from '../setup-error';
import type { Teardown } from '../teardown';
import { NAMESPACE, startTemporal } from '../temporal';
import { resolveTemporalBinary } from '../temporal-binary';
import { amplifications } from './amplification';
import { resolveSchemathesis, runSchemathesis } from './schemathesis';

/** Random cases per operation, in addition to those that cover its schema. The whole run takes about two minutes. */
const EXAMPLES = 20;
/** A fixed seed gives the same cases in CI and on a developer's machine. */
const SEED = 1;

/** The user whose token reads and answers messages. */
const USER = 'ada';
const HOUR_MS = 3_600_000;

// `npm run fuzz`: sends the API requests that its OpenAPI description allows, and many that it forbids. PostgreSQL and Temporal are real.
runInForeground(async (teardown) => {
  const program = resolveSchemathesis(report);
  const folder = mkdtempSync(join(tmpdir(), 'sojourn-fuzz-'));
  teardown.add({ stop: async () => rmSync(folder, { recursive: true, force: true }) });
  const config = await startApi(teardown, folder);
  await signUp(config);
  await openConversation(config);
  report('measuring answers and times of hostile requests');
  const findings = await amplifications(config);
  if (findings.length > 0)
    throw new SetupError(`Some requests cost more than they may:\n${findings.map((one) => `  - ${one}`).join('\n')}`);
  writeFileSync(join(folder, 'schemathesis.toml'), await settingsFor(config), { mode: 0o600 });
  const address = `${config.publicUrl}/v1/openapi.json`;
  if ((await runSchemathesis(program, ['run', address], folder)) !== 0)
    throw new SetupError('The API does not conform to its OpenAPI description. See the failures above.');
  return 'done';
});

/** Starts the API as in production, but without rate limits. */
async function startApi(teardown: Teardown, folder: string): Promise<Config> {
  const binary = await resolveTemporalBinary(report);
  const temporal = await startTemporal({ binary, folder, port: await freePort(), uiPort: null, inMemory: true });
  teardown.add(temporal);
  const postgres = teardown.add(await startPostgres({ folder, preferredPort: await freePort() }));
  await ensureDatabase(postgres, DATABASE);
  const port = await freePort();
  const config: Config = {
    port,
    databaseUrl: postgres.url(DATABASE),
    temporal: { address: temporal.address, namespace: NAMESPACE, apiKey: null, tls: null },
    smtpUrl: 'smtp://127.0.0.1:1',
    smtpFallbackUrl: null,
    mailboxUrl: null,
    mailFrom: 'Sojourn <sojourn@localhost>',
    writeKey: randomKey(),
    mergeUsersWith: 'admin-key',
    adminKey: randomKey(),
    publicUrl: `http://127.0.0.1:${port}`,
    secret: randomKey(),
    track: { opens: false, clicks: false },
    speed: 1,
    logLevel: 'error',
    metricsPort: 0,
    metricsKey: null,
    retention: { events: null, messages: null, runs: null },
    trustedProxies: 0,
    journeysPath: join(__dirname, '..', '..', 'journeys'),
  };
  await migrate(config.databaseUrl);
  const limits = {
    public: 1e9,
    writeKey: 1e9,
    adminKey: 1e9,
    userToken: 1e9,
    signedLink: 1e9,
    receipt: 1e9,
    refused: 1e9,
  };
  // Without a signature each request with receipts is refused.
  const environment = { RECEIPTS_SECRET: `whsec_${Buffer.from(randomKey()).toString('base64')}` };
  teardown.add(await startServer(config, { limits, environment }));
  return config;
}

async function signUp({ publicUrl, writeKey }: Config): Promise<void> {
  const response = await fetch(`${publicUrl}/v1/identify`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${writeKey}:`)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ userId: USER, traits: { email: 'ada@example.com' } }),
  });
  if (!response.ok) throw new Error(`POST /v1/identify failed: expected status 200, got ${response.status}`);
}

/** Opens the conversation that the API's description has as its example, so that the user can say something in it. */
async function openConversation({ publicUrl, adminKey }: Config): Promise<void> {
  const participants = [
    { userId: USER, role: 'customer', name: 'Ada' },
    { userId: 'bob', role: 'courier', name: 'Bob' },
  ];
  const response = await fetch(`${publicUrl}/v1/chats/delivery/order-7`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ participants }),
  });
  if (!response.ok)
    throw new Error(`PUT /v1/chats/delivery/order-7 failed: expected status 204, got ${response.status}`);
}

/**
 * Returns the settings for Schemathesis (https://schemathesis.readthedocs.io): credentials, number of cases, and expected statuses.
 * A schema cannot require that an event is declared or that a template exists. A request that conforms to it may get a 422, and one that
 * has the answer already, by `If-None-Match: *`, a 304.
 */
async function settingsFor({ writeKey, adminKey, secret }: Config): Promise<string> {
  return `
seed = ${SEED}
color = false

[cache]
enabled = false

[generation]
max-examples = ${EXAMPLES}
deterministic = true
database = "none"

[checks.positive_data_acceptance]
expected-statuses = ["2xx", 304, 401, 403, 404, 409, 422]

[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 405, 409, 413, 415, 422, 431]

# Its answer has no end.
[[operations]]
include-operation-id = "streamInApp"
enabled = false

# The body is the same as in putJourney. Covering it again would take half of the total time.
[[operations]]
include-operation-id = "previewJourney"
phases.coverage.enabled = false

[auth.openapi.writeKey]
username = "${writeKey}"
password = ""

[auth.openapi.adminKey]
bearer = "${adminKey}"

[auth.openapi.userToken]
bearer = "${await signUserToken(secret, USER, HOUR_MS)}"
`;
}
