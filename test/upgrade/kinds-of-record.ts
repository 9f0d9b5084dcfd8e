import type { Run, StepRecord } from '../../engine/state';
import type { Kept } from './kept-user';

/** What the release that writes makes of a journal, told by its own codes: later ones may have others. */
export const RECORDS: Readonly<Record<string, (record: StepRecord) => boolean>> = {
  'waiting: waitFor with awaits': ({ facts, ...record }) => waits(record, 'waitFor') && Array.isArray(facts['awaits']),
  'waiting: waitFor without end': (record) => waits(record, 'waitFor') && record.until === null,
  'waiting: sleep': (record) => waits(record, 'sleep'),
  'waiting: sleepUntil with a zone': ({ facts, ...record }) =>
    waits(record, 'sleepUntil') && typeof facts['zone'] === 'string',
  'waiting: send in quiet hours': (record) => waits(record, 'send') && record.reason === 'quiet hours',
  'waiting: send without an address yet': (record) => waits(record, 'send') && record.reason === 'no address yet',
  'waiting: call': (record) => waits(record, 'call') && record.reason === 'call',
  'waiting: paused': ({ status, reason }) => status === 'waiting' && reason === 'paused',
  'skipped: behind the position': ({ reason }) => reason === 'behind the position',
  'skipped: removed': ({ reason }) => reason === 'removed from the journey',
  'skipped: removed, a held message': ({ kind, reason }) => reason === 'removed from the journey' && kind === 'send',
  'skipped: renamed': ({ facts, reason }) => reason === 'renamed' && typeof facts['was'] === 'string',
  'skipped: decided before as another kind': ({ reason }) => reason.startsWith('decided before as'),
  'done: capped': ({ outcome }) => JSON.stringify(outcome).includes('"reason":"capped'),
  'done: no consent': ({ outcome }) => JSON.stringify(outcome).includes('"reason":"no consent'),
  'done: no address': ({ outcome }) => JSON.stringify(outcome).includes('"reason":"no address'),
  'done: expired': ({ outcome }) => JSON.stringify(outcome).includes('"reason":"expire'),
  'done: timeout': ({ reason }) => reason === 'timeout',
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

function waits({ status, kind, reason }: Pick<StepRecord, 'status' | 'kind' | 'reason'>, wanted: string): boolean {
  return status === 'waiting' && kind === wanted && reason !== 'paused';
}

/** Every kind there is to be found. */
export const KINDS = [...Object.keys(RECORDS), ...Object.keys(RUNS), 'held message', 'pending event', 'overdue'];

/** How often each kind occurs in what is stored of somebody; ended runs apart, which nobody goes on with. */
export function kindsIn({ state, events, messages, wakeAt }: Kept, upgrade: number): ReadonlyMap<string, number> {
  const records = state.runs.flatMap(({ journal }) => journal);
  const count = <Item>(items: readonly Item[], test: (item: Item) => boolean): number => items.filter(test).length;
  return new Map([
    ...Object.entries(RECORDS).map(([kind, test]) => [kind, count(records, test)] as const),
    ...Object.entries(RUNS).map(([kind, test]) => [kind, count(state.runs, test)] as const),
    ['held message', count(messages, ({ status }) => status === 'held')] as const,
    ['pending event', count(events, ({ pending }) => pending)] as const,
    ['overdue', wakeAt !== null && wakeAt <= upgrade ? 1 : 0] as const,
  ]);
}
