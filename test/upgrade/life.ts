import { stage } from '../../engine/user/triggers';
import { storedJourney } from '../../engine/json/assemble';
import type { Definitions } from '../../engine/definitions/definitions';
import { activity, anyOf, type EventDefinition } from '../../engine/authoring/event';
import { journey, type Journey } from '../../engine/authoring/journey';
import type { JsonObject } from '../../engine/model/json';
import type { MemoryUser } from '../../engine/testing/memory-host';
import { policy, type Policy } from '../../engine/policy/define';
import { CHANNELS } from '../../engine/model/channels';

import { toDefinition } from '../../engine/testing/properties/defined-plan';
import { EVENTS, plain, stepsInOrder, toJourney, type Plan } from '../../engine/testing/properties/plan';
import { BEGIN, defineJourneys, type Deed } from '../../engine/testing/properties/random-life';
import { tampered } from '../../engine/testing/properties/tampered';
import { KeptUser, type Kept } from './kept-user';
import type { Outcome } from './outcome';

/*
 * Lives that one release begins and another one continues. The code here decides what a file of lives means: a change of it
 * changes what is expected of files that are already written. The same is true of the code that makes random plans and lives.
 */

const YEAR = 365 * 86_400_000;

/** The place at which a journey throws: a step, before it is called or after it has answered. */
export interface Place {
  readonly place: number;
  readonly before: boolean;
}

/** The journeys that are in force from a time on. */
export interface Deployed {
  readonly at: number;
  /** Users are advanced at once. If false, they are advanced when something happens to them. */
  readonly told: boolean;
  /** Journeys in code. */
  readonly plans: readonly Plan[];
  /** Where the first of them throws; null if it does not. */
  readonly throwsAt: Place | null;
  /** A stored journey, oldest version first. */
  readonly stored: {
    readonly paused: boolean;
    readonly versions: readonly { readonly plan: Plan; readonly finish: boolean }[];
  } | null;
}

/** A life until another release takes over, and what comes afterwards. Times are epoch milliseconds. */
export interface Life {
  readonly person: MemoryUser;
  readonly policy: keyof typeof POLICIES;
  readonly deeds: readonly Deed[];
  /** In order. The first one is in force from the beginning. */
  readonly deployed: readonly Deployed[];
  /** From this time until the upgrade no worker runs: events are stored, and nothing is decided. */
  readonly down: number;
  /** When the other release takes over. */
  readonly upgrade: number;
  /** Calls get no answer before the upgrade. */
  readonly silentCalls: boolean;
  /** At the upgrade the user gets addresses for every channel. */
  readonly addressesCome: boolean;
}

/** A life, what was stored of it at the upgrade, and its outcome. */
export interface WrittenLife extends Life {
  readonly kept: Kept;
  readonly outcome: Outcome;
}

export const POLICIES = {
  usual: policy(),
  'never quiet': policy({ quietHours: null }),
  strict: policy({
    caps: { total: { day: 1, week: 2 } },
    expiry: { email: '5 hours', webPush: '5 hours', inApp: '5 hours' },
    quietHours: { from: '12:00', to: '18:00' },
  }),
  'nearly always quiet': policy({ quietHours: { from: '09:30', to: '09:00' } }),
} as const satisfies Record<string, Policy>;

const CATALOGUE = new Map(EVENTS.map((name): [string, EventDefinition] => [name, plain(name)]));

/** A journey with what plans lack: a pick, traits, flags, badges, a loop, and a user who moves from zone to zone. */
const marks = journey(
  'marks',
  { enter: plain('A'), reenter: { after: '2 days' }, exit: [plain('Quit')] },
  async (j) => {
    const { points } = await j.pick('how far', ({ user }): JsonObject => ({ points: user.points, stage: user.stage }));
    await j.flag('has begun', 'begun', points ?? 0);
    for (const timezone of ['Asia/Tokyo', 'America/New_York', 'Europe/Berlin']) {
      if (!(await j.waitFor(`before ${timezone}`, anyOf(plain('A'), plain('C')), { within: '2 days' }))) break;
      await j.set(`to ${timezone}`, { timezone });
    }
    await j.award('regular', { points: 5, badge: 'regular' });
    await j.sleepUntil('monday', { weekday: 1, at: '08:00' });
    await j.send('well done', { inApp: 'well-done', email: 'well-done' }, { data: { points: points ?? 0 } });
  },
);

/** A journey for users who come back after a silence. The activity that changes their stage lets them enter. */
const again = journey('again', { enter: stage('active'), reenter: 'always', exit: [plain('Quit')] }, async (j) => {
  await j.waitFor('whatever', activity, { within: '3 days' });
  await j.send('welcome back', { inApp: 'welcome-back' }, { expires: '1 day' });
  await j.award('back', { points: 1 });
});

function throwing(plan: Plan, { place, before }: Place): Journey {
  const steps = stepsInOrder(plan.steps);
  return tampered(toJourney(plan), steps[place % steps.length] ?? '', async (_, step) => {
    if (before) throw new Error('broken');
    await step();
    throw new Error('broken');
  });
}

function ofData({ paused, versions }: NonNullable<Deployed['stored']>): Journey {
  const stored = versions.map(({ plan, finish }, index) => ({
    version: index + 1,
    definition: JSON.parse(JSON.stringify(toDefinition(plan))) as JsonObject,
    finish,
  }));
  const made = storedJourney({ id: 'stored', paused, versions: stored }, CATALOGUE);
  if (made.problems.length > 0) throw new Error(JSON.stringify(made.problems));
  return made.journey;
}

/** The definitions of a deployment. */
export function definitionsOf({ plans, throwsAt, stored }: Deployed, life: Pick<Life, 'policy'>): Promise<Definitions> {
  const code = plans.map((plan, index) => (throwsAt && index === 0 ? throwing(plan, throwsAt) : toJourney(plan)));
  const journeys = [...code, ...(stored ? [ofData(stored)] : []), marks, again];
  return defineJourneys(journeys, { policy: POLICIES[life.policy] });
}

/** The same definitions with the version of another release, since each release has its own for the same journeys. */
async function asUpgraded(deployed: Deployed, life: Life): Promise<Definitions> {
  const definitions = await definitionsOf(deployed, life);
  return { ...definitions, version: `${definitions.version} upgraded` };
}

/** Begins a life, and returns what is stored when another release takes over. */
export async function begin(life: Life): Promise<Kept> {
  const [first, ...later] = life.deployed;
  if (!first) throw new Error('Expected a life with at least one deployment.');
  const user = new KeptUser(life.person, await definitionsOf(first, life));
  user.answersCalls = !life.silentCalls;
  await happen(user, life, later, { from: 0, to: life.down, define: definitionsOf });
  for (const deed of life.deeds) if (deed.receivedAt > life.down && deed.receivedAt <= life.upgrade) user.store(deed);
  return user.kept;
}

/** Continues a life from what is stored, and returns its outcome a year after it began. */
export async function goOn(life: Life, kept: Kept): Promise<Outcome> {
  const present = life.deployed.findLast(({ at }) => at <= life.upgrade);
  if (!present) throw new Error('Expected a deployment before the upgrade.');
  const user = KeptUser.of(kept, life.person, await asUpgraded(present, life));
  if (life.addressesCome) user.reach(CHANNELS);
  await user.advance(life.upgrade);
  await happen(user, life, life.deployed, { from: life.upgrade, to: BEGIN + YEAR, define: asUpgraded });
  return user.result;
}

interface Span {
  readonly from: number;
  readonly to: number;
  readonly define: (deployed: Deployed, life: Life) => Promise<Definitions>;
}

/** Everything that happens in the span, on time. */
async function happen(user: KeptUser, life: Life, later: readonly Deployed[], span: Span): Promise<void> {
  const deploy = async (deployed: Deployed): Promise<void> => {
    user.definitions = await span.define(deployed, life);
    if (deployed.told) await user.advance(deployed.at);
  };
  const happenings = [
    ...life.deeds.map((deed) => ({ at: deed.receivedAt, act: () => user.receive(deed) })),
    ...later.map((deployed) => ({ at: deployed.at, act: () => deploy(deployed) })),
  ].filter(({ at }) => at > span.from && at <= span.to);
  for (const { at, act } of happenings.sort((a, b) => a.at - b.at)) {
    await user.passUntil(at - 1);
    await act();
  }
  await user.passUntil(span.to);
}
