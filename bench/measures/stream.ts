import { randomUUID } from 'node:crypto';
import type { Report } from '../../dev/report';
import { describeCpu, typicalCpu, usedPer, type CpuUse } from '../cpu';
import { short, type Figure } from '../figure';
import { monotonicMs } from '../part';
import { many, signUp } from '../people';
import type { Rig } from '../rig';
import { compared, inRounds, untilWarm, type RoundOfSides } from '../rounds';
import { RIVALS, type Rival, type Side, type SideName } from '../side';
import { median } from '../stats';
import { EVENTS, streamBatches } from '../stream-of-people';

const ROUNDS = 3;
/** Users who finish their events in a round. */
export const DONE = 200;
const BATCH = 100;
const CLIENTS = 4;
/** Users with events at any time. With this many, it is rare that one user has two events in progress, as in a real app. */
const PRESENT = CLIENTS * BATCH;

/**
 * When a client sends its next batch. `kept up with`: after the deliveries caused by the last batch, about one per fifty events, so
 * that no backlog grows. `flood`: after the response to the last batch, even if deliveries lag behind.
 */
type Pace = 'kept up with' | 'flood';

interface Round {
  /** Events per second. */
  readonly rate: number;
  /** CPU time per user who finished, in seconds. */
  readonly cpu: CpuUse;
  /** Median time from the post of a batch to its last delivery, in milliseconds. */
  readonly lagMs: number;
}

/** Compares the events per second of a stream in which one event in fifty causes a delivery. Sign-ups are not measured. */
export async function measureStream(rig: Rig, report: Report): Promise<Figure[]> {
  report('stream: warming up');
  const told = [rig.ours, rig.native, ...rig.rivals];
  const filtered: Side[] = [];
  for (const { name } of rig.rivals) if (isRival(name)) filtered.push(await rig.startFiltered(name));
  for (const side of [...told, ...filtered]) await untilWarm(async () => (await streamed(rig, side, 'flood')).rate);
  const measure =
    (pace: Pace, what: string) =>
    async (side: Side): Promise<Round> => {
      const result = await streamed(rig, side, pace);
      const { rate, lagMs, cpu } = result;
      report(
        `${side.name}, ${what}: ${short(rate)} events/s, lag ${short(lagMs)} ms; CPU per user: ${describeCpu(cpu)}`,
      );
      return result;
    };
  const kept = await inRounds(ROUNDS, told, measure('kept up with', 'kept up with'));
  const sifted = filtered.length
    ? await inRounds(ROUNDS, [rig.ours, ...filtered], measure('kept up with', 'told only what matters'))
    : [];
  const floods = await inRounds(ROUNDS, [rig.ours, rig.native], measure('flood', 'flood'));
  return [
    ...comparisons('stream_vs_', kept, { native: 25, dbos: 1 }),
    ...comparisons('stream_vs_filtered_', sifted, { dbos: 0.75 }),
    ...told.map(({ name }) => ({
      name: 'cpu_per_person',
      of: name,
      ...typicalCpu(kept.map((round) => round.get(name)?.cpu).filter((cpu) => cpu !== undefined)),
    })),
    ...comparisons('flood_vs_', floods, { native: 20 }),
  ];
}

function isRival(name: SideName): name is Rival {
  return RIVALS.some((rival) => rival === name);
}

function comparisons(
  prefix: string,
  rounds: readonly RoundOfSides<Round>[],
  targets: Readonly<Partial<Record<SideName, number>>>,
): Figure[] {
  const lags = compared(rounds, ({ lagMs }) => lagMs);
  return compared(rounds, ({ rate }) => rate).map(({ other, ratio, range, ours, theirs }, index) => ({
    name: `${prefix}${other}`,
    value: ratio,
    range,
    unit: '×',
    ...(targets[other] && { target: { bound: 'at least', value: targets[other] } }),
    note: `${ours} against ${theirs} events/s, lag ${lags[index]?.ours} against ${lags[index]?.theirs} ms; ${PRESENT} users at any time, ${EVENTS} events each, batches of ${BATCH}`,
  }));
}

async function streamed(rig: Rig, side: Side, pace: Pace): Promise<Round> {
  return stream(rig, side, pace, await signUpPeople(side));
}

/** Lets the users of a stream sign up. */
export async function signUpPeople(side: Side): Promise<string[]> {
  const people = Array.from({ length: PRESENT + DONE }, () => randomUUID());
  const welcomed = people.map((userId) => side.delivery(userId, 'welcome'));
  const newcomers = [...people];
  await many(newcomers.length, CLIENTS, () => side.api.post('/v1/batch', signUp(newcomers.shift() ?? '')));
  await Promise.all(welcomed);
  return people;
}

/** Sends a stream of the events of users who have signed up. */
export async function stream(rig: Rig, side: Side, pace: Pace, people: readonly string[]): Promise<Round> {
  await rig.quiet();
  const batches = streamBatches(people, PRESENT, DONE, BATCH);
  const lags: Promise<number>[] = [];
  const before = rig.cpu(side);
  const begun = monotonicMs();
  await many(batches.length, CLIENTS, async () => {
    const batch = batches.shift();
    if (!batch) return;
    const posted = monotonicMs();
    const delivered = Promise.all(batch.activated.map((userId) => side.delivery(userId, 'congratulation')));
    lags.push(delivered.then(() => monotonicMs() - posted));
    await side.api.post('/v1/batch', { batch: batch.calls });
    if (pace === 'kept up with') await delivered;
  });
  const lagMs = median(await Promise.all(lags));
  const rate = (DONE * EVENTS * 1_000) / (monotonicMs() - begun);
  return { rate, cpu: usedPer(DONE, before, rig.cpu(side)), lagMs };
}
