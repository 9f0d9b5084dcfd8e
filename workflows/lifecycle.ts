import {
  ApplicationFailure,
  condition,
  continueAsNew,
  proxyActivities,
  proxyLocalActivities,
  setDefaultSignalHandler,
  setDefaultUpdateHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { Display } from './display';
import { NEWER_RELEASE } from './failures';
import type { AdvanceInput, AdvanceResult, Handover, LifecycleActivities, LifecycleInput } from './types';
import { wakeReasonNames } from './wake-signal';
import { WakeTimer } from './wake-timer';

/** History events after which the workflow continues as new. The limit is low because there is no state to carry over. */
const HISTORY_LIMIT = 400;

/** Backoff coefficient between the attempts of a call. */
const CALL_GROWTH = 2;

/** Distinct reasons in the summary of one advance. */
const SUMMARY_NAMES = 5;
/** Characters of that summary. Temporal takes 400 bytes, and a character has up to three. */
const SUMMARY_LENGTH = 100;

const local = proxyLocalActivities<LifecycleActivities>({
  startToCloseTimeout: '1 minute',
  retry: {
    initialInterval: '200 milliseconds',
    maximumInterval: '10 seconds',
    nonRetryableErrorTypes: [NEWER_RELEASE],
  },
});

// Temporal serves idle workers in turn. Old workers may refuse several times before a new one is asked, so the attempts are close together.
const anywhere = proxyActivities<LifecycleActivities>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '300 milliseconds', backoffCoefficient: 1.2, maximumInterval: '30 seconds' },
});

/**
 * A user's lifecycle. It waits for updates, signals and one timer, and leaves every decision to `advance`. Only one local activity
 * runs at a time, because the order of several is not safe in a replay. Deliveries and calls run beside it.
 */
export async function lifecycle({ userId, continued, reasons: because = [] }: LifecycleInput): Promise<void> {
  let reasons = because.map(({ name }) => name);
  if (continued && reasons.length === 0) reasons.push('continued');
  const notify = (...names: string[]): void => void reasons.push(...names);
  const inFlight = new Set<string>();
  let byTimer = false;
  const timer = new WakeTimer(() => {
    byTimer = true;
    notify('deadline');
  });
  const display = new Display();
  const onSignal = (name: string, ...args: unknown[]): void => notify(...wakeReasonNames(name, args));
  setDefaultSignalHandler(onSignal);
  setDefaultUpdateHandler(onSignal);

  for (;;) {
    await condition(() => reasons.length > 0);
    const summary = [...new Set(reasons)].slice(0, SUMMARY_NAMES).join(', ').slice(0, SUMMARY_LENGTH);
    reasons = [];
    const input = { userId, inFlight: [...inFlight], byTimer };
    byTimer = false;
    const result = await advance(input, summary);
    display.update(result);
    for (const work of result.deliver) runBeside(inFlight, work, deliverAfterPause(work), notify);
    for (const work of result.calls)
      runBeside(inFlight, work, retrying(work, CALL_GROWTH).call(userId, work.id), notify);
    timer.arm(result.wakeInMs, result.wakeFor);
    if (reasons.length > 0) continue;
    if (result.done && inFlight.size === 0) return;
    const { historyLength, continueAsNewSuggested } = workflowInfo();
    // Work in flight continues or is handed over again: the database knows what is undelivered, and claims keep attempts apart.
    if (historyLength > HISTORY_LIMIT || continueAsNewSuggested)
      await continueAsNew<typeof lifecycle>({ userId, continued: true });
  }
}

/**
 * Advances the user, with the reasons as the activity's summary in the UI. A worker of an older release refuses. A local activity can't
 * leave its worker, so a regular one then retries until a newer worker takes it.
 */
async function advance(input: AdvanceInput, summary: string): Promise<AdvanceResult> {
  try {
    return await local.advance.executeWithOptions({ summary }, [input]);
  } catch (error) {
    if (!isNewerRelease(error)) throw error;
    return anywhere.advance.executeWithOptions({ summary: `${summary}: left to a newer worker` }, [input]);
  }
}

/** A local activity's failure arrives as it was thrown; a regular activity's would be wrapped in an `ActivityFailure`. */
function isNewerRelease(error: unknown): boolean {
  return error instanceof ApplicationFailure && error.type === NEWER_RELEASE;
}

/**
 * Regular activities for work that needs retries, with the work's summary for the UI.
 * @param growth backoff coefficient
 */
function retrying(
  { summary, initialMs, maximumMs, expiresInMs }: Handover,
  growth: number,
): Pick<LifecycleActivities, 'deliver' | 'call'> {
  return proxyActivities<LifecycleActivities>({
    summary,
    startToCloseTimeout: '2 minutes',
    // Detects a dead worker sooner than the two minutes above.
    heartbeatTimeout: '15 seconds',
    scheduleToCloseTimeout: expiresInMs,
    retry: { initialInterval: initialMs, backoffCoefficient: growth, maximumInterval: maximumMs },
  });
}

/**
 * Retries a delivery after a pause, because its first attempt has just failed or died with its worker. A failed delivery sets its own
 * next pause. Temporal's retry interval only covers attempts that died, and must not grow: it also counts attempts that found the
 * message busy.
 */
async function deliverAfterPause(work: Handover): Promise<void> {
  await sleep(work.initialMs, { summary: `pause before the next attempt: ${work.summary}` });
  await retrying(work, 1).deliver(work.id);
}

/** Runs an activity beside the loop and wakes the loop when it ends, whether it succeeded or gave up: the database holds what is left to do. */
function runBeside(
  inFlight: Set<string>,
  { id, summary }: Handover,
  work: Promise<void>,
  notify: (name: string) => void,
): void {
  const onEnd = (outcome: string) => (): void => {
    inFlight.delete(id);
    notify(`${summary} ${outcome}`);
  };
  inFlight.add(id);
  void work.then(onEnd('ended'), onEnd('gave up'));
}
