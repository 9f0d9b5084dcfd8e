import { rig } from '../support/rig';
import { until } from '../support/until';
import { report } from './support/account';
import { begin, cast, live, react, end } from './support/cast';
import { deploy, type Deployment } from './support/deployment';
import { startSilentProxy, type SilentProxy } from './support/silent-proxy';
import { expectExactlyOnce } from './support/verdict';

const LIFECYCLES = 40;

let proxy: SilentProxy;
let deployment: Deployment;

beforeEach(async () => {
  const { hostname: host, port } = new URL(rig().postgres);
  proxy = await startSilentProxy({ host, port: Number(port) });
  deployment = await deploy({ databasePort: proxy.port });
});
afterEach(async () => {
  await deployment.stop();
  await proxy.stop();
});

// The operating system would take a quarter of an hour to give the silent connections up, which is longer than a test lasts.
test("the database's host vanishes without a word: API and worker go on with the one that takes its name", async () => {
  const { smtp } = deployment;
  const people = cast(LIFECYCLES);
  const [first, later] = [people.slice(0, LIFECYCLES / 2), people.slice(LIFECYCLES / 2)];
  await deployment.startWorker();
  const firstLives = live(deployment, first);
  await until('some mails', () => smtp.messages.length >= 10, { everyMs: 5 });
  const silenced = proxy.vanish();
  const vanished = Date.now();
  const refusals = await begin(deployment, later);
  const apiMs = Date.now() - vanished;
  await Promise.all([firstLives, react(deployment, later)]);
  await end(deployment);
  const counts = await expectExactlyOnce(deployment, people);
  expect(silenced).toBeGreaterThan(0);
  report('database host vanished', {
    lifecycles: LIFECYCLES,
    silenced,
    refusals,
    'ms until the API had all': apiMs,
    ...counts,
  });
});
