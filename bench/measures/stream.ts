import { randomUUID } from 'node:crypto';
import type { Report } from '../../dev/report';
import { short, type Figure } from '../figure';
import { monotonicMs } from '../part';
import { did, many, signUp, warmUp } from '../people';
import type { Rig } from '../rig';
import type { Side } from '../side';
import { median } from '../stats';

const ROUNDS = 2;
/** So many that a batch has each of them once at most, as the traffic of many people does. */
const PEOPLE = 200;
const EVENTS = 50;
const BATCH = 100;
const CLIENTS = 4;

/** A stream of which one event in fifty matters, until all is delivered: events per second. */
export async function measureStream(rig: Rig, report: Report): Promise<Figure[]> {
  report('stream: warming up');
  await warmUp(rig);
  const rounds: { ours: number; native: number }[] = [];
  for (let index = 0; index < ROUNDS; index++) {
    rounds.push({ ours: await streamed(rig, rig.ours), native: await streamed(rig, rig.native) });
    report(
      `stream: ${JSON.stringify(rounds.at(-1), (_, value: unknown) => (typeof value === 'number' ? short(value) : value))} events/s`,
    );
  }
  const ours = short(median(rounds.map((round) => round.ours)));
  const native = short(median(rounds.map((round) => round.native)));
  return [
    {
      name: 'stream_vs_native',
      value: median(rounds.map((round) => round.ours / round.native)),
      unit: '×',
      target: { bound: 'at least', value: 20 },
      note: `${ours} against ${native} events/s, ${PEOPLE} people, ${EVENTS} events each, batches of ${BATCH}`,
    },
  ];
}

async function streamed(rig: Rig, side: Side): Promise<number> {
  const people = Array.from({ length: PEOPLE }, () => randomUUID());
  const welcomed = people.map((userId) => side.delivery(userId, 'welcome'));
  const newcomers = [...people];
  await many(newcomers.length, CLIENTS, () => side.api.post('/v1/batch', signUp(newcomers.shift() ?? '')));
  await Promise.all(welcomed);

  await rig.quiet();
  const congratulated = people.map((userId) => side.delivery(userId, 'congratulation'));
  const batches = inBatches(people);
  const begun = monotonicMs();
  await many(batches.length, CLIENTS, () => side.api.post('/v1/batch', { batch: batches.shift() }));
  await Promise.all(congratulated);
  return (PEOPLE * EVENTS * 1_000) / (monotonicMs() - begun);
}

/**
 * Everybody's events in the order of time; each began at another moment. What matters comes last: a native workflow is over
 * with it, and would begin anew for every event after it.
 */
function inBatches(people: readonly string[]): unknown[][] {
  const stream = people
    .flatMap((userId, person) =>
      Array.from({ length: EVENTS }, (_, index) => ({
        at: index + (person * EVENTS) / PEOPLE,
        call: Object.assign(
          { type: 'track' },
          did(userId, index === EVENTS - 1 ? 'Activated' : 'Page Scrolled', { depth: 40 }),
        ),
      })),
    )
    .sort((a, b) => a.at - b.at)
    .map(({ call }) => call);
  return Array.from({ length: Math.ceil(stream.length / BATCH) }, (_, index) =>
    stream.slice(index * BATCH, (index + 1) * BATCH),
  );
}
