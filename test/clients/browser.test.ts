import { query } from '../../dev/postgres';
import { startApi, WRITE_KEY, type TestApi } from '../api/server';
import { rig } from '../support/rig';
import { until } from '../support/until';
import { expectStored } from './calls';
import { nodeClients } from './installed';
import { startPages, type Pages } from './pages';

let api: TestApi;
let pages: Pages;
beforeAll(async () => {
  pages = await startPages(nodeClients());
  api = await startApi();
});
afterAll(async () => {
  await pages.stop();
  await api.stop();
});

/** The calls of a page. They run in the browser, where `globals` are what its script has put there. */
type Script = (given: {
  readonly url: string;
  readonly origin: string;
  readonly key: string;
  readonly user: string;
}) => void;

const segment: Script = ({ url, origin, key, user }) => {
  const { AnalyticsBrowser } = (globalThis as unknown as { AnalyticsNext: { AnalyticsBrowser: SegmentBrowser } })
    .AnalyticsNext;
  const { host, protocol } = new URL(url);
  const at = { apiHost: `${host}/v1`, protocol: protocol.slice(0, -1) };
  const analytics = AnalyticsBrowser.load({ writeKey: key, cdnURL: origin }, { integrations: { 'Segment.io': at } });
  void analytics.identify(user, { email: 'ada@example.com', plan: 'free' });
  void analytics.track('Signed Up', { plan: 'free' });
  void analytics.page('Pricing');
  void analytics.screen('Home');
  void analytics.group('acme', { name: 'Acme' });
  void analytics.alias(user, `before ${user}`);
};

const rudder: Script = ({ url, origin, key, user }) => {
  const { RudderAnalytics } = (globalThis as unknown as { rudderanalytics: { RudderAnalytics: new () => Rudder } })
    .rudderanalytics;
  const analytics = new RudderAnalytics();
  analytics.load(key, url, { configUrl: origin });
  analytics.identify(user, { email: 'ada@example.com', plan: 'free' });
  analytics.track('Signed Up', { plan: 'free' });
  analytics.page('Docs', 'Pricing');
  analytics.group('acme', { name: 'Acme' });
  analytics.alias(user, `before ${user}`);
};

interface SegmentBrowser {
  load(settings: object, options: object): Segment;
}
type Segment = Record<
  'identify' | 'track' | 'page' | 'screen' | 'group' | 'alias',
  (...given: unknown[]) => Promise<unknown>
>;
type Rudder = Record<'load' | 'identify' | 'track' | 'page' | 'group' | 'alias', (...given: unknown[]) => void>;

const CLIENTS = [
  {
    whose: 'Segment',
    bundle: '/segment.js',
    script: segment,
    calls: ['identify', 'track', 'page', 'screen', 'group', 'alias'],
  },
  {
    whose: 'RudderStack',
    bundle: '/rudder.js',
    script: rudder,
    calls: ['identify', 'track', 'page', 'group', 'alias'],
  },
] as const;

const stored = async (user: string): Promise<number> =>
  (await api.database.knex('events').where({ user_id: user })).length;

const refusals = (): number => api.log.filter(({ status }) => status === 503).length;

/** Lets the database refuse every write meanwhile, as during a failover. */
async function asStandby(work: () => Promise<void>): Promise<void> {
  const name = new URL(api.database.url).pathname.slice(1);
  const readOnly = async (value: 'on' | 'off'): Promise<void> => {
    await query(rig().postgres, `ALTER DATABASE ${name} SET default_transaction_read_only = ${value}`);
    // Connections keep the setting that they began with.
    await query(rig().postgres, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
  };
  await readOnly('on');
  try {
    await work();
  } finally {
    await readOnly('off');
  }
}

describe.each(CLIENTS)('the browser client of $whose', ({ whose, bundle, script, calls }) => {
  test('works unchanged', async () => {
    const [user, since] = [`ada of ${whose}`, Date.now()];
    const page = await pages.open(bundle);
    const errors: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    await page.evaluate(script, { url: api.url, origin: pages.origin, key: WRITE_KEY, user });
    await until('all calls are stored', async () => (await stored(user)) >= calls.length);
    await expectStored(api, { user, calls, since, timed: false });
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test('sends again, with headers that count retries, what the API refused while the database took no writes', async () => {
    const [user, since] = [`grace of ${whose}`, Date.now()];
    const page = await pages.open(bundle);
    const retries: string[] = [];
    page.on('request', (request) => {
      const counted = Object.keys(request.headers()).filter((name) => /retry/.test(name));
      if (request.url().startsWith(api.url)) retries.push(...counted);
    });
    const before = refusals();
    await asStandby(async () => {
      await page.evaluate(script, { url: api.url, origin: pages.origin, key: WRITE_KEY, user });
      await until('the API refuses', () => refusals() > before);
    });
    await until('all calls are stored', async () => (await stored(user)) >= calls.length);
    await expectStored(api, { user, calls, since, timed: false });
    expect(retries.length).toBeGreaterThan(0);
    await page.context().close();
  });
});
