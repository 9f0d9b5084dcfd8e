import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Report } from '../../dev/report';
import { createTeardown } from '../../dev/teardown';
import type { ApiClient } from '../client';
import { editForMany } from '../edit';
import { short, type Figure } from '../figure';
import { monotonicMs } from '../part';
import { did, many, signUp, timeToDelivery } from '../people';
import { startServers, startSide, untilQuiet, type Rig } from '../rig';
import type { Side } from '../side';
import { percentile } from '../stats';

/** Sign-ups before the measure, so that hot code is compiled. */
const WARM_UP = 300;
/** Sign-ups that give the usual rate. These users then wait, and act later. */
const USUAL = 300;
const AT_ONCE = 50;
/** Users who act before the burst, one after the other. */
const QUIET_ACTS = 120;
/** How long the burst is watched, real milliseconds. A burst that has not drained by then gives the rate so far. */
const WINDOW_MS = 60_000;
/** Real milliseconds from one act of a waiting user to the next. A new user signs up at every second act. */
const PACE_MS = 500;
/** An answer that takes longer counts as this long, real milliseconds. */
const PATIENCE_MS = 30_000;
/** Users in one request. Their calls stay below the largest body that the API takes. */
const CHUNK = 1_000;
const SLOW_PROVIDER_MS = 3_000;
const EDITED = 10_000;

/** What happens beside the burst. */
interface Circumstance {
  readonly name: '' | 'edit_' | 'slow_provider_' | 'two_apis_';
  readonly note: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Prepares it. The returned function is called when the burst begins. */
  readonly prepare?: (ours: Side) => Promise<() => Promise<void>>;
  /** The users outside the burst use a second API. */
  readonly secondApi?: boolean;
}

const CIRCUMSTANCES: readonly Circumstance[] = [
  { name: '', note: 'nothing else happens' },
  {
    name: 'edit_',
    note: `an edit touches ${EDITED} users meanwhile`,
    prepare: (ours) => editForMany(ours, EDITED),
  },
  {
    name: 'slow_provider_',
    note: `each delivery takes ${SLOW_PROVIDER_MS / 1_000} s`,
    env: { BENCH_PROVIDER_MS: String(SLOW_PROVIDER_MS) },
  },
  { name: 'two_apis_', note: 'the burst and the others use different API processes', secondApi: true },
];

/** Times from an event to its delivery in milliseconds, and new users per second. */
interface Burst {
  readonly quiet: readonly number[];
  readonly waiting: readonly number[];
  readonly newcomers: readonly number[];
  readonly usualRate: number;
  readonly drainRate: number;
}

/** Measures what a burst of new users does to everybody else, and how fast it drains. Each circumstance gets its own servers. */
export async function measureBurst(rig: Rig, report: Report, people: number): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const circumstance of CIRCUMSTANCES) {
    const teardown = rig.teardown.add(createTeardown());
    try {
      const servers = await startServers(report, teardown, rig.kind);
      const ours = teardown.add(await startSide(servers, 'ours', circumstance.env));
      const burst = await burstOf(people, ours, circumstance, () => untilQuiet(servers.temporal));
      figures.push(...figuresOf(people, circumstance, burst));
      report(`burst, ${circumstance.note}: ${short(burst.drainRate)} new users/s, usually ${short(burst.usualRate)}`);
    } finally {
      await teardown.stop();
    }
  }
  return figures;
}

async function burstOf(
  size: number,
  ours: Side,
  { prepare, secondApi = false }: Circumstance,
  quietens: () => Promise<void>,
): Promise<Burst> {
  await newcomersAtOnce(ours, WARM_UP);
  const { ids, rate: usualRate } = await newcomersAtOnce(ours, USUAL);
  const api = secondApi ? await ours.startSecondApi() : ours.api;
  const begin = await prepare?.(ours);
  await quietens();
  const act = (): Promise<number> => {
    const userId = ids.pop() ?? '';
    return timeToDelivery(ours, {
      userId,
      template: 'congratulation',
      path: '/v1/track',
      body: did(userId, 'Activated'),
      api,
    });
  };
  const quiet: number[] = [];
  while (quiet.length < QUIET_ACTS) quiet.push(await act());

  const waiting: Promise<number>[] = [];
  const newcomers: Promise<number>[] = [];
  const begun = monotonicMs();
  const drain = postBurst(ours, size);
  const began = begin?.();
  for (let turn = 0; drain.left() > 0 && monotonicMs() - begun < WINDOW_MS; turn++) {
    waiting.push(patiently(act()));
    if (turn % 2 === 0) newcomers.push(patiently(newcomer(ours, api)));
    await pause(PACE_MS);
  }
  const drainRate = ((size - drain.left()) * 1_000) / (monotonicMs() - begun);
  await Promise.all([drain.posted, began]);
  return { quiet, waiting: await Promise.all(waiting), newcomers: await Promise.all(newcomers), usualRate, drainRate };
}

/** Lets new users sign up, {@link AT_ONCE} at a time. */
async function newcomersAtOnce(side: Side, count: number): Promise<{ readonly ids: string[]; readonly rate: number }> {
  const ids: string[] = [];
  const begun = monotonicMs();
  await many(count, AT_ONCE, async () => void ids.push((await signedUp(side, side.api)).userId));
  return { ids, rate: (count * 1_000) / (monotonicMs() - begun) };
}

async function newcomer(side: Side, api: ApiClient): Promise<number> {
  return (await signedUp(side, api)).ms;
}

async function signedUp(side: Side, api: ApiClient): Promise<{ readonly userId: string; readonly ms: number }> {
  const userId = randomUUID();
  const ms = await timeToDelivery(side, { userId, template: 'welcome', path: '/v1/batch', body: signUp(userId), api });
  return { userId, ms };
}

/** Posts a burst of new users in consecutive requests. `left` returns how many of them have got no mail yet. */
function postBurst(side: Side, size: number): { readonly posted: Promise<void>; left(): number } {
  const ids = Array.from({ length: size }, () => randomUUID());
  let left = size;
  for (const userId of ids) void side.delivery(userId, 'welcome').then(() => left--);
  const post = async (): Promise<void> => {
    for (let first = 0; first < size; first += CHUNK)
      await side.api.post('/v1/batch', {
        batch: ids.slice(first, first + CHUNK).flatMap((userId) => signUp(userId).batch),
      });
  };
  return { posted: post(), left: () => left };
}

function patiently(time: Promise<number>): Promise<number> {
  return Promise.race([time, pause(PATIENCE_MS, PATIENCE_MS, { ref: false })]);
}

function figuresOf(
  size: number,
  { name, note }: Circumstance,
  { quiet, waiting, newcomers, usualRate, drainRate }: Burst,
): Figure[] {
  const ratio = (percent: number): Pick<Figure, 'name' | 'value' | 'unit' | 'note'> => {
    const [now, before] = [percentile(waiting, percent), percentile(quiet, percent)];
    const samples = `${waiting.length} samples, ${QUIET_ACTS} before`;
    return {
      ...{ name: 'burst', value: now / before, unit: '×' },
      note: `users who wait, ${short(now)} against ${short(before)} ms before, ${samples}; ${note}`,
    };
  };
  const [p50, p99] = [short(percentile(newcomers, 50)), percentile(newcomers, 99)];
  return [
    { ...ratio(50), of: `${name}waiting_p50_vs_quiet` },
    { ...ratio(99), of: `${name}waiting_p99_vs_quiet`, target: { bound: 'at most', value: 2 } },
    {
      ...{
        name: 'burst',
        of: `${name}newcomer_p99`,
        value: p99,
        unit: 'ms',
        target: { bound: 'at most', value: 2_000 },
      },
      note: `single new users, p50 ${p50} ms, ${newcomers.length} samples; ${note}`,
    },
    {
      ...{ name: 'burst', of: `${name}drain_vs_usual`, value: drainRate / usualRate, unit: '×' },
      target: { bound: 'at least', value: 1 },
      note: `${short(drainRate)} of ${size} new users/s, usually ${short(usualRate)} with ${AT_ONCE} at once; ${note}`,
    },
  ];
}
