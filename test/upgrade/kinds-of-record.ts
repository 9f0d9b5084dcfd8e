import { readRun } from '../../engine/model/stored';
import type { Run, SkipCause, StepRecord, WaitingRecord } from '../../engine/model/state';
import type { Kept } from './kept-user';

/** The kinds of step records that must occur in the written lives. */
export const RECORDS: Readonly<Record<string, (record: StepRecord) => boolean>> = {
  'waiting: waitFor with awaits': (record) => waits(record, 'waitFor') && record.awaits.length > 0,
  'waiting: waitFor without end': (record) => waits(record, 'waitFor') && record.until === null,
  'waiting: sleep': (record) => waits(record, 'sleep'),
  'waiting: sleepUntil with a zone': (record) => waits(record, 'sleepUntil') && record.zone !== undefined,
  'waiting: send in quiet hours': (record) => waits(record, 'send') && record.hold === 'quiet hours',
  'waiting: send without an address yet': (record) => waits(record, 'send') && record.hold === 'address',
  'waiting: call': (record) => waits(record, 'call') && record.awaitsAnswer === true,
  'waiting: paused': (record) => record.status === 'waiting' && record.hold === 'paused',
  'skipped: behind the position': (record) => isSkipped(record, 'behind'),
  'skipped: removed': (record) => isSkipped(record, 'removed'),
  'skipped: removed, a held message': (record) => isSkipped(record, 'removed') && record.kind === 'send',
  'skipped: renamed': (record) => isSkipped(record, 'renamed'),
  'skipped: decided before as another kind': (record) => isSkipped(record, 'other kind'),
  'done: capped': ({ outcome }) => JSON.stringify(outcome).includes('"reason":"capped'),
  'done: no consent': ({ outcome }) => JSON.stringify(outcome).includes('"reason":"no consent'),
  'done: no address': ({ outcome }) => JSON.stringify(outcome).includes('"reason":"no address'),
  'done: expired': ({ outcome }) => JSON.stringify(outcome).includes('"reason":"expire'),
  'done: timeout': ({ status, kind, outcome }) => status === 'done' && kind === 'waitFor' && outcome === null,
  'no version': ({ version }) => version === undefined,
  ...Object.fromEntries(
    ['send', 'waitFor', 'sleep', 'sleepUntil', 'check', 'pick', 'experiment', 'award', 'set', 'flag', 'call'].map(
      (kind) => [`done: ${kind}`, (record: StepRecord) => record.status === 'done' && record.kind === kind],
    ),
  ),
};

export const RUNS: Readonly<Record<string, (run: Run) => boolean>> = {
  'run: failed': ({ status }) => status === 'failed',
  'run: failed in a wait': ({ status, journal }) =>
    status === 'failed' && journal.some((one) => one.status === 'waiting'),
  'run: with a key': ({ key }) => key !== null,
  'run: with its goal': ({ goalAt }) => goalAt !== null,
  'run: caused by a stage': ({ cause }) => cause !== undefined,
  'run: of version 1': ({ version }) => version === 1,
  'run: of a later version': ({ version }) => version !== undefined && version > 1,
  'run: several waits used events': ({ consumed }) => consumed.length > 1,
};

function waits(record: StepRecord, wanted: string): record is WaitingRecord {
  return record.status === 'waiting' && record.kind === wanted && record.hold !== 'paused';
}

function isSkipped(record: StepRecord, cause: SkipCause): boolean {
  return record.status === 'skipped' && record.cause === cause;
}

/** All kinds that must occur. */
export const KINDS = [...Object.keys(RECORDS), ...Object.keys(RUNS), 'held message', 'pending event', 'overdue'];

/** How often each kind occurs in a stored user. Ended runs are left out, since they do not go on. */
export function kindsIn({ state, events, messages, wakeAt }: Kept, upgrade: number): ReadonlyMap<string, number> {
  const runs = state.runs.map(readRun);
  const records = runs.flatMap(({ journal }) => journal);
  const count = <Item>(items: readonly Item[], test: (item: Item) => boolean): number => items.filter(test).length;
  return new Map([
    ...Object.entries(RECORDS).map(([kind, test]) => [kind, count(records, test)] as const),
    ...Object.entries(RUNS).map(([kind, test]) => [kind, count(runs, test)] as const),
    ['held message', count(messages, ({ status }) => status === 'held')] as const,
    ['pending event', count(events, ({ pending }) => pending)] as const,
    ['overdue', wakeAt !== null && wakeAt <= upgrade ? 1 : 0] as const,
  ]);
}
