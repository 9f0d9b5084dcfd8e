import { compile } from '../../engine/outline/compile';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { z } from 'zod';
import { apiRoutes, createApp, type ApiDeps } from '../../api/app';
import { createHttpServer } from '../../api/http-server';
import { openApi } from '../../api/openapi';
import { Pages } from '../../api/stream/pages';
import { checkStored } from '../../config/check';
import { systemClock } from '../../engine/model/clock';
import { type Definitions } from '../../engine/definitions/definitions';
import { event } from '../../engine/authoring/event';
import type { ChannelSetup } from '../../engine/authoring/channel-setup';
import { journey, type Journey } from '../../engine/authoring/journey';
import { lifecycle } from '../../engine/authoring/lifecycle';
import { policy } from '../../engine/policy/define';
import { LiveDefinitions } from '../../store/live-definitions';
import { testDatabase, type TestDatabase } from '../support/database';
import { DocumentedAnswers } from './documented-answers';

export const WRITE_KEY = 'write-key-of-the-tests';
export const ADMIN_KEY = 'admin-key-of-the-tests';
export const SECRET = 'a secret of the tests, long enough';

/** Signs receipts of the source `standard`. */
export const RECEIPTS_SECRET = `whsec_${Buffer.from('a secret of the receipts in tests').toString('base64')}`;

export const signedUp = event('Signed Up', z.object({ plan: z.enum(['free', 'pro']) }), { plan: 'free' });
export const projectCreated = event('Project Created', z.object({ name: z.string().optional() }), { name: 'Ark' });
const orderPlaced = event('Order Placed', z.object({ orderId: z.string() }), { orderId: '1' });

const onboarding = journey('onboarding', { enter: signedUp, goal: { event: projectCreated } }, async (j) => {
  await j.send('welcome', { email: 'welcome' });
  const project = await j.waitFor('first project', projectCreated, { within: '48 hours' });
  if (!project) await j.send('nudge', { inApp: 'nudge' });
});

const order = journey(
  'order',
  { enter: orderPlaced, key: ({ properties: { orderId } }) => (typeof orderId === 'string' ? orderId : undefined) },
  async (j) => {
    await j.sleep('a while', '1 hour');
  },
);

/** Two small journeys and any others. One starts with `Signed Up` and waits for `Project Created`, one is keyed by order. */
export function testDefinitions(...others: Journey[]): Promise<Definitions> {
  return compile({
    journeys: [onboarding, order, ...others],
    lifecycle: lifecycle({ initial: 'new', rules: [] }),
    // Tests run at any hour.
    policy: policy({ quietHours: null }),
    traits: {},
  });
}

/** An API with its own port and database. */
export interface TestApi {
  readonly url: string;
  readonly deps: ApiDeps;
  readonly database: TestDatabase;
  readonly definitions: Definitions;
  /** The events that lifecycles were notified of, in order. */
  readonly woken: readonly { readonly userId: string; readonly id: string; readonly name: string }[];
  /** The parsed lines of the log. */
  readonly log: readonly Record<string, unknown>[];
  /** What the API has answered so far, as `<operation id> <status>`. */
  readonly answered: ReadonlySet<string>;
  /** Calls with the write key, and retries on 503 as Segment's clients do: a busy machine may be slow to connect. */
  write(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Calls with the admin key. */
  admin(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Calls with the given headers only. */
  call(
    method: string,
    path: string,
    options?: { headers?: Record<string, string>; body?: string | Buffer },
  ): Promise<Answer>;
  /** Stops the API. Fails the test if a response was not as the OpenAPI document describes it. */
  stop(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body, parsed as JSON; null when it is not JSON. */
  readonly body: unknown;
}

/** A channel with a file that says how it sends. */
export function setUp(channel: string): ChannelSetup {
  return { kind: 'channel', channel, rate: null, providers: [] };
}

/** Starts an API. `change` replaces its dependencies. */
export async function startApi({ code, ...change }: Partial<ApiDeps> & { code?: Definitions } = {}): Promise<TestApi> {
  const database = await testDatabase();
  const woken: { userId: string; id: string; name: string }[] = [];
  const log: Record<string, unknown>[] = [];
  const checkTemplate: ApiDeps['checkTemplate'] =
    change.checkTemplate ??
    (({ journey: id, step, channel, name }) =>
      ['welcome', 'nudge', 'receipt'].includes(name)
        ? []
        : [`${id}, step '${step}': ${channel} template '${name}': there is none`]);
  const setups = change.setups ?? (code?.channels ?? []).map(({ name }) => setUp(name));
  const live = await LiveDefinitions.start({
    pool: database.pool,
    code: {
      definitions: code ?? (await testDefinitions()),
      catalogue: new Map([signedUp, projectCreated].map((one) => [one.name, one])),
      check: (all, one) => checkStored({ ...all, setups }, one, checkTemplate),
    },
    onProblem: (problem) => log.push({ problem }),
    onMissed: () => undefined,
  });
  const clock = change.clock ?? systemClock;
  const pages = Pages.start({
    pool: database.pool,
    databaseUrl: database.url,
    clock,
    definitions: live,
    onMissed: () => undefined,
  });
  const deps: ApiDeps = {
    config: {
      writeKey: WRITE_KEY,
      adminKey: ADMIN_KEY,
      secret: SECRET,
      mergeUsersWith: 'admin-key',
      publicUrl: 'http://localhost:3000',
      trustedProxies: 0,
    },
    database,
    clock,
    catalogue: [signedUp, projectCreated],
    setups,
    waker: {
      eventsPending: (userId, events) => woken.push(...events.map(({ id, name }) => ({ userId, id, name }))),
    },
    pages,
    vapidPublicKey: 'vapid-public-key',
    templateProblem: (channel, template) =>
      template === 'receipt' ? null : `there is no template '${template}' for ${channel}`,
    checkTemplate,
    probeTemporal: async () => undefined,
    addressesOf: async () => [],
    environment: { RECEIPTS_SECRET },
    sdk: new Map(),
    log: pino(
      { level: 'info' },
      { write: (line: string) => void log.push(JSON.parse(line) as Record<string, unknown>) },
    ),
    ...change,
    definitions: live,
  };
  const documented = new DocumentedAnswers(openApi(apiRoutes(deps), deps.config.publicUrl));
  const server = createHttpServer(documented.watch(createApp(deps)), deps.log);
  // On a busy machine, a client might otherwise reuse an idle connection that the server is closing.
  server.keepAliveTimeout = 600_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const call: TestApi['call'] = async (method, path, { headers = {}, body } = {}) => {
    const response = await fetch(url + path, { method, headers, body: body ?? null });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: asJson(text) };
  };
  const json = (
    method: string,
    path: string,
    authorization: string,
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> =>
    call(method, path, {
      headers: { authorization, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  return {
    url,
    deps,
    database,
    get definitions() {
      return live.current;
    },
    woken,
    log,
    answered: documented.answered,
    call,
    write: async (path, body, headers) => {
      for (;;) {
        const answer = await json('POST', path, `Basic ${btoa(`${WRITE_KEY}:`)}`, body, headers);
        if (answer.status !== 503) return answer;
      }
    },
    admin: (method, path, body) => json(method, path, `Bearer ${ADMIN_KEY}`, body),
    stop: async () => {
      await Promise.all([live.stop(), pages.stop()]);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await database.drop();
      expect(documented.violations).toEqual([]);
    },
  };
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
