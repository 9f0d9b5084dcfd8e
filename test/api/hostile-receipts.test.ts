import fc from 'fast-check';
import { RECEIPT_SOURCES } from '../../api/receipts';
import { DEFAULT_LIMITS } from '../../api/limits';
import { createReferences } from '../../store/message-references';
import { CERTIFICATE, CERTIFICATE_URL } from '../fakes/sns';
import { RECEIPT_SECRETS, SENDERS } from './senders';
import type { Known, Posted, Sender } from './senders/sender';
import { startApi, type Answer, type TestApi } from './server';

/** Requests of each provider. */
const RUNS = 150;

let api: TestApi;
beforeAll(async () => {
  const network = globalThis.fetch;
  // Amazon is the only one whom the API asks; all others of this process talk to the API.
  jest.spyOn(globalThis, 'fetch').mockImplementation(async (url, init) => {
    const asked = String(url instanceof Request ? url.url : url);
    if (asked === CERTIFICATE_URL) return new Response(CERTIFICATE);
    if (/^https:/.test(asked)) throw new TypeError('fetch failed');
    return network(url, init);
  });
  const limits = { ...DEFAULT_LIMITS, refused: 1_000_000, receipt: 1_000_000 };
  api = await startApi({ environment: RECEIPT_SECRETS, limits });
});
afterAll(async () => {
  jest.restoreAllMocks();
  await api.stop();
});

const REFERENCE_SOURCES = { email: [], push: ['oneSignal', 'braze'], sms: ['sms'], whatsApp: ['whatsApp'] };

let count = 0;
/** Stores a message that was sent, under all names that a provider may have for it. */
async function sent(channel: keyof typeof REFERENCE_SOURCES): Promise<Known> {
  const n = String(++count).padStart(12, '0');
  const [userId, message, reference] = [`user ${n}`, `00000000-0000-4000-8000-${n}`, `+49${n}`];
  await api.write('/v1/identify', { userId, traits: { email: `${n}@example.com`, phone: reference } });
  await api.database.knex('messages').insert({
    ...{ id: message, user_id: userId, journey: 'onboarding', step: 'welcome', channel, template: 'welcome', data: {} },
    ...{
      status: 'sent',
      transactional: false,
      decided_at: Date.now() - 3_600_000,
      expires_at: Date.now() + 1e9,
      attempts: 1,
    },
  });
  for (const source of REFERENCE_SOURCES[channel])
    await createReferences(api.database.pool).add(message, { source, reference });
  return { message, reference };
}

const post = ({ path, headers, body }: Posted): Promise<Answer> =>
  api.call('POST', path, { headers: { ...headers }, body });

const TABLES = ['events', 'messages', 'users', 'suppressed_addresses', 'soft_bounces', 'message_references'];
/** All that receipts may change. */
async function stored(): Promise<string> {
  const { rows } = await api.database.pool.query<{ digest: string }>(
    TABLES.map((table) => `SELECT md5(string_agg(t::text, ',' ORDER BY t::text)) AS digest FROM ${table} t`).join(
      ' UNION ALL ',
    ),
  );
  return rows.map(({ digest }) => digest).join();
}

const senders = Object.entries(SENDERS);

test('every source of receipts is tried', () => {
  expect(Object.keys(SENDERS).sort()).toEqual(RECEIPT_SOURCES.map(({ name }) => name).sort());
});

describe.each(senders)('%s', (_name, sender: Sender) => {
  test('whatever a genuine request says, it is accepted or gets a problem document', async () => {
    const known = [await sent('email'), await sent('push'), await sent('sms'), await sent('whatsApp')];
    const before = await stored();
    const statuses: number[] = [];
    await fc.assert(
      fc.asyncProperty(sender.anything(known), async (request) => {
        const answer = await post(request);
        statuses.push(answer.status);
        if (answer.status === 204) return;
        expect([400, 422]).toContain(answer.status);
        expect(answer.headers.get('content-type')).toContain('application/problem+json');
        expect(answer.body).toMatchObject({ status: answer.status, requestId: expect.any(String) });
      }),
      { numRuns: RUNS },
    );
    expect(statuses.filter((status) => status === 204).length).toBeGreaterThan(RUNS / 20);
    expect(await stored()).not.toBe(before);
  });

  test('whatever is changed of a genuine request, it is refused and stores nothing', async () => {
    const known = await sent(_name === 'onesignal' || _name === 'braze' ? 'push' : 'email');
    const genuine = sender.delivered(known);
    const before = await stored();
    await fc.assert(
      fc.asyncProperty(forgeries(sender, known, genuine), async (forged) => {
        const { status } = await post(forged);
        // 503: the certificate is said to be elsewhere at Amazon, where nothing is found.
        expect(status === 503 ? genuine.headers['content-type'] : status).toEqual(status === 503 ? 'text/plain' : 401);
      }),
      { numRuns: RUNS },
    );
    expect(await stored()).toBe(before);
    expect((await post(genuine)).status).toBe(204);
    expect(await stored()).not.toBe(before);
  });
});

/** Headers that show who sent a request. */
const SIGNING = /^(?:authorization|webhook-|svix-|x-twilio-)/;

/** Requests that differ from a genuine one in something that counts. */
function forgeries(sender: Sender, known: Known, genuine: Posted): fc.Arbitrary<Posted> {
  const { wrongTime, signed } = sender;
  const named = Object.keys(genuine.headers).filter((name) => SIGNING.test(name));
  const without = named.map((name) => ({
    ...genuine,
    headers: Object.fromEntries(Object.entries(genuine.headers).filter(([one]) => one !== name)),
  }));
  const emptied = named.map((name) => ({ ...genuine, headers: { ...genuine.headers, [name]: '' } }));
  const early = new Date(Date.now() - 600_000);
  const late = new Date(Date.now() + 600_000);
  const others = senders.flatMap(([, other]) =>
    other === sender ? [] : [{ ...other.delivered(known), path: genuine.path }],
  );
  const plain = [sender.wrongKey(known), ...without, ...emptied, ...others];
  if (wrongTime) plain.push(wrongTime(known, early), wrongTime(known, late));
  const changes: fc.Arbitrary<Posted>[] = [fc.constantFrom(...plain)];
  if (named.length > 0) changes.push(changedHeader(genuine, named));
  if (signed) changes.push(changedBody(genuine).filter((one) => signed(one) !== signed(genuine)));
  return fc.oneof(...changes);
}

function changedBody(genuine: Posted): fc.Arbitrary<Posted> {
  return fc.record({ at: fc.nat(genuine.body.length - 1), to: fc.nat(255) }).map(({ at, to }) => {
    const body = Buffer.from(genuine.body);
    body[at] = to;
    return { ...genuine, body };
  });
}

function changedHeader(genuine: Posted, named: readonly string[]): fc.Arbitrary<Posted> {
  return fc
    .record({ name: fc.constantFrom(...named), at: fc.nat(), to: fc.integer({ min: 0x21, max: 0x7e }) })
    .map(({ name, at, to }) => {
      const value = genuine.headers[name] ?? '';
      const where = at % value.length;
      const changed = value.slice(0, where) + String.fromCharCode(to) + value.slice(where + 1);
      return { ...genuine, headers: { ...genuine.headers, [name]: changed } };
    })
    .filter(({ headers }) => named.some((name) => meaningOf(headers[name]) !== meaningOf(genuine.headers[name])));
}

/** What counts of a header: of a password without the name, and of base64 the bytes, as its last letter may stand in several ways. */
function meaningOf(header = ''): string {
  const [, scheme, credentials = ''] = /^(Basic|Bearer) (.*)$/i.exec(header) ?? [];
  if (scheme?.toLowerCase() === 'basic')
    return Buffer.from(credentials, 'base64')
      .toString('latin1')
      .replace(/^[^:]*/, '');
  if (scheme !== undefined) return credentials;
  return header.replaceAll(/[A-Za-z\d+/=]{20,}/g, (text) => Buffer.from(text, 'base64').toString('base64'));
}
