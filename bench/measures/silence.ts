import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Report } from '../../dev/report';
import { createTeardown } from '../../dev/teardown';
import { short, type Figure } from '../figure';
import { historyEvents } from '../history';
import { signUp } from '../people';
import { startServers, startSide, type Rig } from '../rig';

const PEOPLE = 40;
const DAYS = 60;
const DAY_MS = 86_400_000;
/** Half a day per second: 60 days take about two minutes. */
const SPEED = 43_200;

/** Measures what users cost who sign up and never return, with the shipped journeys. Runs in fast time on separate servers. */
export async function measureSilence(report: Report, rig: Rig): Promise<Figure[]> {
  const teardown = rig.teardown.add(createTeardown());
  try {
    const servers = await startServers(report, teardown, rig.kind);
    const env = { JOURNEYS: join(__dirname, '..', '..', 'journeys'), BENCH_SPEED: String(SPEED) };
    const ours = teardown.add(await startSide(servers, 'ours', env));
    const ids = Array.from({ length: PEOPLE }, () => randomUUID());
    await ours.api.post('/v1/batch', { batch: ids.flatMap((id) => signUp(id).batch) });
    report(`idle: waiting for ${DAYS} days without activity, in fast time`);
    await pause((DAYS * DAY_MS) / SPEED);
    const events = await historyEvents(servers.temporal.address, ids);
    return [
      {
        name: 'idle',
        of: 'history_events_per_user_and_day',
        value: short(events / DAYS),
        unit: 'events',
        note: `${PEOPLE} users, shipped journeys, ${DAYS} days without activity after sign-up, including all messages and stage changes`,
      },
    ];
  } finally {
    await teardown.stop();
  }
}
