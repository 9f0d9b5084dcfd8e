import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporal } from '@temporalio/proto';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { LifecycleWorker } from '../../temporal/lifecycle-worker';
import { workflowBundlePath } from '../support/temporal';

const FOLDER = join(__dirname, 'histories');
const recorded = readdirSync(FOLDER).flatMap((release) =>
  readdirSync(join(FOLDER, release)).map((file) => [release, file] as const),
);

beforeAll(() => {
  Runtime.install({ logger: new DefaultLogger('WARN') });
});

test.each(recorded)('a workflow of release %s can be replayed by this one: %s', async (release, file) => {
  const history = temporal.api.history.v1.History.decode(readFileSync(join(FOLDER, release, file)));
  const workflowBundle = { codePath: workflowBundlePath() };
  await expect(
    LifecycleWorker.runReplayHistory({ workflowBundle }, history, 'lifecycle/recorded'),
  ).resolves.toBeUndefined();
});
