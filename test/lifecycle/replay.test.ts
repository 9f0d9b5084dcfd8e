import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultPayloadConverter } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { version } from '../../package.json';
import { LifecycleWorker } from '../../temporal/lifecycle-worker';
import { wakeReasonNames } from '../../workflows/wake-signal';
import { workflowBundlePath } from '../support/temporal';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

const FOLDER = join(__dirname, 'histories');
const filesOf = (release: string): string[] =>
  existsSync(join(FOLDER, release)) ? readdirSync(join(FOLDER, release)) : [];
const recorded = readdirSync(FOLDER).flatMap((release) => filesOf(release).map((file) => [release, file] as const));
const historyOf = (release: string, file: string): temporal.api.history.v1.History =>
  temporal.api.history.v1.History.decode(readFileSync(join(FOLDER, release, file)));

beforeAll(() => {
  Runtime.install({ logger: new DefaultLogger('WARN') });
});

// Without them, the next release could break workflows of this one unnoticed.
test(`histories of this release, ${version}, are recorded: npm run histories`, () => {
  expect(filesOf(version)).not.toEqual([]);
});

test.each(recorded)('this release can replay a workflow of release %s: %s', async (release, file) => {
  const workflowBundle = { codePath: workflowBundlePath() };
  await expect(
    LifecycleWorker.runReplayHistory({ workflowBundle }, historyOf(release, file), 'lifecycle/recorded'),
  ).resolves.toBeUndefined();
});

/** The names of a wake-up's reasons as this release reads them. Empty for any other event. */
function reasonsOf(event: HistoryEvent): string[] {
  const signal = event.workflowExecutionSignaledEventAttributes;
  const update = event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input;
  const name = signal?.signalName ?? update?.name;
  const { payloads } = (signal ? signal.input : update?.args) ?? {};
  return name
    ? wakeReasonNames(
        name,
        (payloads ?? []).map((payload) => defaultPayloadConverter.fromPayload(payload)),
      )
    : [];
}

/** The names in the summary of an advance as the recording worker wrote it. */
function summaryOf({ markerRecordedEventAttributes: marker, userMetadata }: HistoryEvent): string[] {
  if (!marker || !userMetadata?.summary) return [];
  return defaultPayloadConverter.fromPayload<string>(userMetadata.summary).split(', ');
}

/** Reasons that the workflow itself adds. */
const OWN = /^(continued|deadline|.* (ended|gave up))$/;

// A replay does not check the reasons, because it does not compare the summaries made of them.
test.each(recorded)('this release reads the wake-ups of release %s as that release did: %s', (release, file) => {
  const { events } = historyOf(release, file);
  const read = new Set(events.flatMap(reasonsOf));
  const summarized = new Set(events.flatMap(summaryOf).filter((name) => !OWN.test(name)));
  expect([...read].sort()).toEqual([...summarized].sort());
});
