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
import type { AdvanceInput, Handover, Happening, LifecycleActivities, LifecycleInput, AdvanceResult } from './types';
import { WakeTimer } from './wake-timer';

/** Events of history after which the workflow starts over; it has no state to carry, so it does so early. */
const HISTORY_LIMIT = 400;

/** Each pause before a call is made again is twice as long as the one before. */
const CALL_GROWTH = 2;

const local = proxyLocalActivities<LifecycleActivities>({
  startToCloseTimeout: '1 minute',
  retry: {
    initialInterval: '200 milliseconds',
    maximumInterval: '10 seconds',
    nonRetryableErrorTypes: [NEWER_RELEASE],
  },
});

// Idle workers are served in turn, each as often as it polls, so the old ones may well refuse several times first: hence close together.
const anywhere = proxyActivities<LifecycleActivities>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '300 milliseconds', backoffCoefficient: 1.2, maximumInterval: '30 seconds' },
});

/**
 * A user's lifecycle. It decides nothing: it waits for updates, signals and one timer, and lets `advance` decide. Strictly one
 * local activity runs at a time (the order of several is not safe in a replay); deliveries and calls run beside it.
 */
export async function lifecycle({ userId, continued }: LifecycleInput): Promise<void> {
  let news: string[] = continued ? ['continued'] : [];
  const tell = (what: string): void => void news.push(what);
  const inFlight = new Set<string>();
  const timer = new WakeTimer(() => tell('deadline'));
  const display = new Display();
  const hear = (name: string, _id: unknown, ...more: unknown[]): void => {
    tell(name);
    for (const happening of more as Happening[]) tell(happening.name);
  };
  setDefaultSignalHandler(hear);
  setDefaultUpdateHandler(hear);

  for (;;) {
    await condition(() => news.length > 0);
    const summary = [...new Set(news)].slice(0, 5).join(', ');
    news = [];
    const settled = await advance({ userId, inFlight: [...inFlight] }, summary);
    display.update(settled);
    for (const work of settled.deliver) runBeside(inFlight, work, deliverAfterPause(work), tell);
    for (const work of settled.calls)
      runBeside(inFlight, work, retrying(work, CALL_GROWTH).call(userId, work.id), tell);
    timer.arm(settled.wakeInMs, settled.wakeFor);
    if (news.length > 0) continue;
    if (settled.done && inFlight.size === 0) return;
    const { historyLength, continueAsNewSuggested } = workflowInfo();
    // What is in flight goes on or is handed over again: the database knows what is undelivered, and claims keep attempts apart.
    if (historyLength > HISTORY_LIMIT || continueAsNewSuggested)
      await continueAsNew<typeof lifecycle>({ userId, continued: true });
  }
}

/** A worker that is too old for the user refuses; a local activity stays on it, a regular one is tried until another worker takes it. */
async function advance(input: AdvanceInput, summary: string): Promise<AdvanceResult> {
  try {
    return await local.advance.executeWithOptions({ summary }, [input]);
  } catch (error) {
    if (!isNewerRelease(error)) throw error;
    return anywhere.advance.executeWithOptions({ summary: `${summary}: left to a newer worker` }, [input]);
  }
}

/** Unlike a regular activity's, the failure of a local one comes as it was thrown. */
function isNewerRelease(error: unknown): boolean {
  return error instanceof ApplicationFailure && error.type === NEWER_RELEASE;
}

/**
 * Regular activities for what needs retries; each shows what it is about in the UI.
 * @param growth how much longer each pause is than the one before
 */
function retrying(
  { summary, initialMs, maximumMs, expiresInMs }: Handover,
  growth: number,
): Pick<LifecycleActivities, 'deliver' | 'call'> {
  return proxyActivities<LifecycleActivities>({
    summary,
    startToCloseTimeout: '2 minutes',
    // A worker that dies is noticed by it, not only after two minutes.
    heartbeatTimeout: '15 seconds',
    scheduleToCloseTimeout: expiresInMs,
    retry: { initialInterval: initialMs, backoffCoefficient: growth, maximumInterval: maximumMs },
  });
}

/**
 * A first attempt has just failed, or died with its worker: the next is not made at once. A delivery that fails says itself how
 * long to pause. What Temporal adds is for one that died, and must not grow: it also counts how often the message was busy.
 */
async function deliverAfterPause(work: Handover): Promise<void> {
  await sleep(work.initialMs, { summary: `pause before the next attempt: ${work.summary}` });
  await retrying(work, 1).deliver(work.id);
}

/** Lets an activity run beside the loop and tells the loop when it has ended, either way: what is left to do stands in the database. */
function runBeside(
  inFlight: Set<string>,
  { id, summary }: Handover,
  work: Promise<void>,
  tell: (what: string) => void,
): void {
  const over = (how: string) => (): void => {
    inFlight.delete(id);
    tell(`${summary} ${how}`);
  };
  inFlight.add(id);
  void work.then(over('ended'), over('gave up'));
}
