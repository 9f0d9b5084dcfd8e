import fc from 'fast-check';
import { stepAfter, stepsInOrder, type Node, type Plan } from '../testing/properties/plan';
import { durations, onceOnly } from '../testing/properties/random-journey';
import { BEGIN, deeds, define, users, type Deed } from '../testing/properties/random-life';
import { apply, editOf } from '../testing/properties/random-edit';
import { StoredUser } from '../testing/properties/stored-user';
import type { MemoryUser } from '../testing/memory-host';
import type { Run, StepRecord } from '../model/state';

/** Rule 2, for removed steps: a user who waits in one moves on, and for any other user the edit changes nothing. */

const MINUTE = 60_000;
const YEAR = 365 * 86_400_000;
/** Journeys that each user enters once, at the beginning. */
const once = onceOnly('only', { effects: true, unbounded: true, triggers: ['Start'] });
const soon = fc.integer({ min: 0, max: 5 * 24 * 60 }).map((minute) => BEGIN + minute * MINUTE + 40_000);

async function liveOn(user: StoredUser, life: readonly Deed[], from: number, until: number): Promise<void> {
  for (const deed of life.filter(({ receivedAt }) => receivedAt > from && receivedAt <= until)) {
    await user.passUntil(deed.receivedAt - 1);
    await user.receive(deed);
  }
  await user.passUntil(until);
}

/** A user who has lived under a journey until this time. */
async function livingUntil(at: number, plan: Plan, life: readonly Deed[], person: MemoryUser): Promise<StoredUser> {
  const user = new StoredUser(person, await define([plan]), { pending: 'awaited', history: 'limited' });
  await liveOn(user, life, 0, at);
  return user;
}

async function deploy(user: StoredUser, plan: Plan, at: number): Promise<void> {
  user.definitions = await define([plan]);
  await user.advance(at);
}

function waitOf(run: Run | undefined): StepRecord | undefined {
  return run?.endedAt === null ? run.journal.find(({ status }) => status === 'waiting') : undefined;
}

it('a user who waits in a removed step moves on at once, to the step after it', () =>
  fc.assert(
    fc.asyncProperty(once, deeds(), soon, users, async (plan, life, at, person) => {
      const user = await livingUntil(at, plan, life, person);
      const wait = waitOf(user.runs[0]);
      if (!wait) return;
      await deploy(user, apply(plan, editOf(plan, 'remove', wait.step), 1), at);
      const [run] = user.runs;
      const removed = run?.journal.find(({ step }) => step === wait.step);
      expect(removed).toMatchObject({ status: 'skipped', at, reason: 'removed from the journey' });
      const next = stepAfter(plan.steps, wait.step);
      if (next === null) expect(run).toMatchObject({ status: 'completed', endedAt: at });
      else expect(run?.journal.find(({ step }) => step === next)).toMatchObject({ enteredAt: at });
      expect([...user.messages.values()].filter(({ step, status }) => step === wait.step && status === 'held')).toEqual(
        [],
      );
    }),
    { numRuns: 300 },
  ));

/** The steps that were entered and do not contain the one the run is in. */
function leftBehind(nodes: readonly Node[], { journal }: Run): string[] {
  const here = journal.at(-1)?.step ?? '';
  const leads = (node: Node): boolean => stepsInOrder([node]).includes(here);
  return nodes.flatMap((node) => {
    const inner =
      'then' in node
        ? [...leftBehind(node.then, { journal } as Run), ...leftBehind(node.otherwise, { journal } as Run)]
        : [];
    return !leads(node) && journal.some(({ step }) => step === node.step) ? [node.step, ...inner] : inner;
  });
}

/**
 * The outcome without versions. A held message is decided again at every deploy, so the time of its decision is left out too.
 */
function withoutVersions({ outcome }: StoredUser): unknown {
  const kept = (key: string, value: unknown): unknown => {
    if (key === 'version') return undefined;
    const message = typeof value === 'object' && value !== null && 'decidedAt' in value && 'status' in value;
    return message && value.status !== 'queued' ? { ...value, decidedAt: null } : value;
  };
  return JSON.parse(JSON.stringify(outcome, kept));
}

it.each(['remove', 'retime'] as const)('the edit "%s" of a step behind the user changes nothing for them', (kind) =>
  fc.assert(
    fc.asyncProperty(
      once,
      deeds(),
      soon,
      users,
      fc.nat(),
      durations,
      async (plan, life, at, person, pick, duration) => {
        const user = await livingUntil(at, plan, life, person);
        const unedited = await livingUntil(at, plan, life, person);
        const [run] = user.runs;
        const behind = run ? leftBehind(plan.steps, run) : [];
        const step = behind[pick % behind.length];
        if (!run || run.endedAt !== null || step === undefined) return;
        await deploy(user, apply(plan, editOf(plan, kind, step, duration), 1), at);
        for (const one of [user, unedited]) await liveOn(one, life, at, BEGIN + YEAR);
        expect(withoutVersions(user)).toEqual(withoutVersions(unedited));
      },
    ),
    { numRuns: 300 },
  ),
);
