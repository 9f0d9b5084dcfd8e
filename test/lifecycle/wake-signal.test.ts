import { wakeCall } from '../../temporal/signal';
import { wakeReasonNames, type WakeReason } from '../../workflows/wake-signal';

const STARTED: WakeReason = { id: '1', name: 'Started' };
const POKED: WakeReason = { id: '2', name: 'Poked' };
const CHECK: WakeReason = { id: null, name: 'events waiting' };

test.each<[string, readonly [WakeReason, ...WakeReason[]]]>([
  ['one event', [STARTED]],
  ['several events', [STARTED, POKED, POKED]],
  ['a check', [CHECK]],
  ['a check beside an event', [STARTED, CHECK]],
])('a workflow reads what the waker sends: %s', (_, reasons) => {
  const { name, args } = wakeCall({ userId: 'ada', reasons });
  expect(args).toHaveLength(1);
  expect(wakeReasonNames(name, args)).toEqual(reasons.map((reason) => reason.name));
});

test('a payload carries names and numbers only', () => {
  const more = { ...POKED, declared: 'Poked' };
  expect(wakeCall({ userId: 'ada', reasons: [STARTED, more] })).toEqual({
    name: 'Started',
    args: [{ id: '1', also: [POKED] }],
  });
});

test.each([
  ['one event', ['1'], ['Started']],
  ['several events', ['1', POKED, CHECK], ['Started', 'Poked', 'events waiting']],
  ['a check', [null], ['Started']],
])('a workflow reads the positional arguments of version 0.1.0: %s', (_, args, names) => {
  expect(wakeReasonNames('Started', args)).toEqual(names);
});

test.each([
  ['no argument', []],
  ['a text', ['hello', 'world']],
  ['an object without reasons', [{ id: '1' }]],
  ['reasons that are not a list', [{ id: '1', also: 'Poked' }]],
  ['reasons without a name', [{ id: '1', also: [null, 7, { name: 7 }] }]],
])('a signal that a person sends wakes the workflow, whatever its arguments: %s', (_, args) => {
  expect(wakeReasonNames('Started', args)).toEqual(['Started']);
});

// A worker of version 0.1.0 ignores the first argument and reads a name from every further one.
test('a worker of version 0.1.0 is woken by the payload', () => {
  const { name, args } = wakeCall({ userId: 'ada', reasons: [STARTED, POKED] });
  const onSignalOfOldWorker = (signal: string, _id: unknown, ...others: { name: string }[]): string[] => [
    signal,
    ...others.map((other) => other.name),
  ];
  expect(onSignalOfOldWorker(name, ...(args as [unknown]))).toEqual(['Started']);
});
