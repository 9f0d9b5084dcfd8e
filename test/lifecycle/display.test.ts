import { join } from 'node:path';
import { defaultPayloadConverter } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import type { Run } from '../../engine/model/state';
import { workflowId } from '../../temporal/signal';
import { FIXTURE_JOURNEYS, SHIPPED_JOURNEYS, startLifecycle, type TestLifecycle } from '../support/lifecycle';
import { until } from '../support/until';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;
type Kind = 'markerRecordedEventAttributes' | 'timerStartedEventAttributes' | 'activityTaskScheduledEventAttributes';

/** Ada's personal data, which must not appear in the UI. */
const TRAITS = { email: 'ada@example.com', firstName: 'Ada' };
const PERSONAL = /example\.com|Ada|free|secret/;
const MINUTE = 16;

let stack: TestLifecycle;
afterEach(() => stack.stop());

async function start(journeysPath: string): Promise<string> {
  stack = await startLifecycle({ journeysPath });
  await stack.startWorker();
  return stack.newUser();
}

/** The summaries of all events of a kind in a user's history, as the UI shows them. */
async function summaries(user: string, kind: Kind): Promise<string[]> {
  const { events } = await stack.client.workflow.getHandle(workflowId(user)).fetchHistory();
  return (events ?? []).filter((event) => event[kind]).map(summaryOf);
}

/** The same summaries, as soon as there are any. */
async function firstSummaries(user: string, kind: Kind): Promise<string[]> {
  return until(`a summary of ${kind}`, async () => {
    const all = await summaries(user, kind);
    return all.length > 0 && all;
  });
}

function summaryOf({ userMetadata }: HistoryEvent): string {
  const { summary } = userMetadata ?? {};
  return summary ? defaultPayloadConverter.fromPayload<string>(summary) : '';
}

/** The current details, from the query that the UI sends. */
async function currentDetails(user: string): Promise<string> {
  const handle = stack.client.workflow.getHandle(workflowId(user));
  const { currentDetails: details } = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
  return details;
}

async function runOf(user: string, journey: string): Promise<Run> {
  const [run] = await stack.database.knex('runs').where({ user_id: user, journey }).pluck<Run[]>('body');
  if (!run) throw new Error(`${user} is not in ${journey}.`);
  return run;
}

const minute = (at: number | null | undefined): string =>
  new Date(at ?? NaN).toISOString().slice(0, MINUTE).replace('T', ' ');

test('current details show stage, journey, step, deadline and recent decisions, and no personal data', async () => {
  const ada = await start(SHIPPED_JOURNEYS);
  await stack.track(ada, 'Signed Up', { plan: 'free', note: 'secret' }, { traits: TRAITS });
  await until('the wait', async () => (await runOf(ada, 'onboarding')).journal.at(-1)?.kind === 'waitFor');
  const details = await until('the details', () => currentDetails(ada));

  const { enteredAt, journal } = await runOf(ada, 'onboarding');
  const [shown = '', decided = ''] = details.split('all times are UTC\n\n');
  expect(shown.split('\n\n')).toEqual([
    `**Stage** onboarding since ${minute(enteredAt)}`,
    `**onboarding** at *first project*: waits for Project Created, until ${minute(journal.at(-1)?.until)}`,
    `[Timeline](${stack.config.publicUrl}/users/${ada}/timeline) · `,
  ]);
  expect(decided.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d /g, '').split('\n')).toEqual([
    '- onboarding / first project: waiting (Project Created)',
    '- onboarding / card: signed up: sent by inApp (allowed)',
    '- onboarding / welcome: sent by email (transactional)',
    '- onboarding: entered (Signed Up)',
    '- stage onboarding (Signed Up)',
  ]);
  expect(details).not.toMatch(PERSONAL);
});

test('a marker shows the reasons of the wake-up; an activity and its pause show the step and channel of the retry', async () => {
  const ada = await start(SHIPPED_JOURNEYS);
  stack.smtp.behave({ kind: 'refuse', code: 451 });
  await stack.track(ada, 'Signed Up', { plan: 'free', note: 'secret' }, { traits: TRAITS });
  const activities = await firstSummaries(ada, 'activityTaskScheduledEventAttributes');
  expect(activities).toEqual(['welcome by email']);
  expect((await summaries(ada, 'markerRecordedEventAttributes'))[0]).toBe('Signed Up');
  const timers = await summaries(ada, 'timerStartedEventAttributes');
  expect(timers).toContain('pause before the next attempt: welcome by email');
  // The silence deadline precedes the wait's: the user was last seen before the wait began.
  const seen = await stack.database.knex('users').where({ id: ada }).pluck<number[]>('last_seen_at');
  const silent = minute((seen[0] ?? NaN) + 48 * 3_600_000);
  expect(timers).toContain(`an entry or a change of stage until ${silent}`);
  expect([...activities, ...timers].join('\n')).not.toMatch(PERSONAL);
});

test('a timer shows journey, step and deadline; a call shows its step', async () => {
  const ada = await start(FIXTURE_JOURNEYS);
  await stack.track(ada, 'Trial Started', { plan: 'free' }, { traits: TRAITS });
  const timers = await firstSummaries(ada, 'timerStartedEventAttributes');
  const wait = (await runOf(ada, 'trial')).journal.find(({ step }) => step === 'first project');
  expect(timers[0]).toBe(`trial: first project until ${minute((wait?.enteredAt ?? NaN) + 12_000)}`);

  await stack.track(ada, 'Project Created', { name: 'secret' }, { traits: TRAITS });
  const activities = await firstSummaries(ada, 'activityTaskScheduledEventAttributes');
  expect(activities).toEqual(['open an account']);
  expect([...activities, ...timers].join('\n')).not.toMatch(PERSONAL);
});

test('a parked run shows its step, and not the text of the error', async () => {
  const ada = await start(join(__dirname, 'journeys'));
  await stack.track(ada, 'Broke', {}, { traits: TRAITS });
  const details = await until('the details', async () => {
    const shown = await currentDetails(ada);
    return shown.includes('parked') && shown;
  });
  expect(details).toContain('**broken** parked at *before the bug*: error in the journey');
  expect(details).not.toMatch(PERSONAL);
});
