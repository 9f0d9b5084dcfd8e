import type { Advanced } from '../engine/advance/advance';
import { withoutSecrets } from '../engine/model/forgetting';
import type { Message } from '../engine/model/state';
import { answersBefore } from '../engine/replay/answers';
import { traceOf } from '../config/log';
import { advanceDuration } from '../config/metrics';
import { eraseAgain } from '../store/erasure';
import { noteLookBack } from '../store/looked-back';
import { claimedAtOnce, requestOf, type OpenMessage } from '../store/messages';
import { loadAndDecide, type Decided, type Decider } from '../store/state-decide';
import type { LoadedUser } from '../store/state-load';
import { saveUser } from '../store/state-save';
import type { AdvanceInput, AdvanceResult } from '../workflows/types';
import { attempt } from './attempt';
import type { ActivityDeps } from './deps';
import { refuseNewer } from './newer-release';
import { GONE, advanceResult } from './advance-result';
import type { Withheld } from './hand-over';
import { stopwatch } from './stopwatch';
import { receiveSaved } from './tracked-events';

/**
 * Time the workflow waits for first attempts before it takes new events. The attempts continue on their own. An attempt that takes
 * longer costs the workflow a timer and two tasks more, so a provider that takes three seconds is waited for. Real milliseconds.
 */
const FIRST_ATTEMPTS_MS = 4_000;

/**
 * Advances a user: loads, decides, saves, and makes the first attempt at each new message. All of this is one local activity,
 * because a round trip to the Temporal server costs more than the work itself.
 * @throws {ApplicationFailure} of type `NewerRelease` when a newer release has written the user's state
 */
export async function advance(deps: ActivityDeps, { userId, inFlight, byTimer }: AdvanceInput): Promise<AdvanceResult> {
  const stopTimer = advanceDuration.startTimer();
  const outcome = await decideAndSave(deps, userId).finally(() => deps.decisions.made(userId));
  stopTimer();
  if (!outcome) {
    await eraseAgain(deps.pool, userId);
    return GONE;
  }
  const { loaded, advanced, wakeAt } = outcome;
  if (byTimer) observeLateness(deps, loaded);
  const fresh = advanced.effects.messages.filter(({ status }) => status === 'queued');
  const [delivered] = await Promise.all([
    Promise.all(firstAttempts(deps, outcome, claimedAtOnce(fresh))),
    receiveSaved(deps, advanced.effects.tracked),
  ]);
  const running = new Set(inFlight);
  // A message without an attempt yet needs one like a message whose first attempt failed.
  const undelivered = [...loaded.open, ...fresh.filter((_, index) => needsRetry(delivered[index]))].filter(
    ({ id }) => !running.has(id),
  );
  return advanceResult(deps, { advanced, wakeAt }, undelivered, inFlight);
}

function observeLateness({ clock, lateness }: ActivityDeps, { wakeAt }: LoadedUser): void {
  const lateMs = wakeAt === null ? 0 : (clock.now() - wakeAt) / clock.speed;
  // A deadline in the future was moved after its timer was set.
  if (lateMs > 0) lateness.observe(lateMs);
}

/**
 * What was decided and saved. The messages were claimed by the save, which `claimAge` has measured from its beginning. The user is woken
 * at `wakeAt`, which may be later than the deadline that was decided.
 */
type Saved = Decided & { readonly claimAge: () => number; readonly wakeAt: number | null };

/** Loads, decides and saves, and starts over when another process has changed the user meanwhile. Null when the user is gone. */
async function decideAndSave(
  { pool, definitions, clock, release, slots }: ActivityDeps,
  userId: string,
): Promise<Saved | null> {
  const now = (): number => clock.now();
  const check = (loaded: LoadedUser): void => refuseNewer(loaded, release.seq);
  const onAsked: Decider['onAsked'] = (since, at) => noteLookBack(pool, since, at);
  for (;;) {
    const decided = await loadAndDecide({ pool, definitions, now, check, onAsked }, userId);
    if (!decided) return null;
    const { loaded, advanced } = decided;
    const wakeAt = slots.wakeAt(userId, advanced.wakeAt, loaded.wakeAt);
    const saved = { ...advanced, wakeAt };
    const claimAge = stopwatch();
    if (isUnchanged(loaded, saved) || (await saveUser(pool, loaded, saved, release.seq)))
      return { ...decided, claimAge, wakeAt };
  }
}

function isUnchanged(loaded: LoadedUser, { seen, changedRuns, effects, wakeAt, awaiting, state }: Advanced): boolean {
  return (
    seen.length === 0 &&
    changedRuns.length === 0 &&
    effects.messages.length === 0 &&
    effects.stageChanges.length === 0 &&
    wakeAt === loaded.wakeAt &&
    state.memory.version === loaded.awaitingVersion &&
    state.memory.schedules === loaded.state.memory?.schedules &&
    state.memory.importedUntil === loaded.state.memory?.importedUntil &&
    awaiting.join('\n') === loaded.awaiting.join('\n')
  );
}

/**
 * Makes the first attempts at messages, which were saved as claimed by us. A run's messages by one channel are attempted one after
 * another, so that they arrive in the order of its steps. Each answer is null when its attempt fails or takes longer than the workflow
 * waits.
 */
function firstAttempts(deps: ActivityDeps, saved: Saved, messages: readonly Message[]): Promise<Withheld | null>[] {
  const attempts = new Map<string, Promise<Withheld | null>>();
  return messages.map((message) => {
    const line = `${message.runId} ${message.channel}`;
    const make = (): Promise<Withheld> => firstAttempt(deps, saved, message);
    const delivery = deps.inFlight
      .watch(attempts.get(line)?.then(make) ?? make())
      .catch((error: unknown) => failed(deps, message, error));
    const answer = Promise.race([delivery, patience()]);
    attempts.set(line, answer);
    return answer;
  });
}

function firstAttempt(
  deps: ActivityDeps,
  { advanced: { state, changedRuns }, definitions, claimAge }: Saved,
  message: Message,
): Promise<Withheld> {
  const run = changedRuns.find(({ id }) => id === message.runId);
  const event = run ? withoutSecrets(run.trigger) : requestOf(message);
  const steps = run ? answersBefore(run, message.step) : {};
  const user = { id: state.id, traits: state.traits, stage: state.memory.stage };
  // An edit that comes into force between a decision and its attempts does not change what they render.
  const templates = deps.templatesOf?.(definitions);
  const addressee = { user, event, steps, ...(templates && { templates }) };
  return attempt(deps, { message: { ...message, attempts: 1 }, claimAge }, addressee);
}

function failed({ log }: ActivityDeps, { id }: OpenMessage, error: unknown): null {
  log.error({ error: traceOf(error), message: id }, 'first attempt failed');
  return null;
}

function patience(): Promise<null> {
  return new Promise((resolve) => setTimeout(resolve, FIRST_ATTEMPTS_MS, null).unref());
}

function needsRetry(delivery: Withheld | null | undefined): boolean {
  return delivery === null || delivery === undefined || delivery.outcome === 'retry';
}
