import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporal } from '@temporalio/proto';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { version } from '../../package.json';
import { LifecycleWorker } from '../../temporal/lifecycle-worker';
import { workflowBundlePath } from '../support/temporal';

const FOLDER = join(__dirname, 'histories');
const filesOf = (release: string): string[] =>
  existsSync(join(FOLDER, release)) ? readdirSync(join(FOLDER, release)) : [];
const recorded = readdirSync(FOLDER).flatMap((release) => filesOf(release).map((file) => [release, file] as const));

beforeAll(() => {
  Runtime.install({ logger: new DefaultLogger('WARN') });
});

// Otherwise the next release would be free to break the histories of this one.
test(`histories of this release, ${version}, are recorded: npm run histories`, () => {
  expect(filesOf(version)).not.toEqual([]);
});

test.each(recorded)('a workflow of release %s can be replayed by this one: %s', async (release, file) => {
  const history = temporal.api.history.v1.History.decode(readFileSync(join(FOLDER, release, file)));
  const workflowBundle = { codePath: workflowBundlePath() };
  await expect(
    LifecycleWorker.runReplayHistory({ workflowBundle }, history, 'lifecycle/recorded'),
  ).resolves.toBeUndefined();
});
