import { join } from 'node:path';
import { loadDefinitions } from '../../config/definitions';
import { MemoryHost } from '../../engine/testing/memory-host';
import type { Report } from '../../dev/report';
import { short, type Figure } from '../figure';
import { monotonicMs } from '../part';

const USERS = 10_000;
const DAYS = 90;
const DAY_MS = 86_400_000;
const BEGIN = Date.parse('2026-01-05T08:00:00Z');

/** Measures the engine alone, on one core: users with a few habits go through the shipped journeys for 90 days. */
export async function measureEngine(report: Report): Promise<Figure[]> {
  const definitions = await loadDefinitions(join(__dirname, '..', '..', 'journeys'));
  let advances = 0;
  let messages = 0;
  const begun = monotonicMs();
  for (let index = 0; index < USERS; index++) {
    const host = new MemoryHost(
      { id: `user-${index}`, traits: {}, reachable: ['email', 'inApp'], createdAt: BEGIN },
      definitions,
    );
    const decide = host.decide.bind(host);
    host.decide = (now) => {
      advances++;
      return decide(now);
    };
    await host.receive('Signed Up', { plan: 'free' }, BEGIN);
    for (const day of activeDays(index)) {
      const at = BEGIN + day * DAY_MS;
      await host.passUntil(at);
      await host.receive('Project Created', { name: 'Apollo' }, at);
    }
    await host.passUntil(BEGIN + DAYS * DAY_MS);
    messages += host.messages.size;
  }
  const seconds = (monotonicMs() - begun) / 1_000;
  report(`engine: ${USERS} users, ${messages} messages`);
  return [
    {
      name: 'engine',
      of: 'advances_per_second',
      value: short(advances / seconds),
      unit: '/s',
      note: `${advances} calls of advance, one core`,
    },
    {
      name: 'engine',
      of: 'seconds_for_10000_users_90_days',
      value: short(seconds),
      unit: 's',
      note: `${short(process.memoryUsage.rss() / 2 ** 20)} MiB resident`,
    },
  ];
}

/** Returns the days with activity. One user in four never returns, one returns once, one weekly, and one for a month. */
function activeDays(index: number): number[] {
  const habits = [[], [1], Array.from({ length: 12 }, (_, week) => 1 + week * 7), [1, 3, 10, 20, 30]];
  return habits[index % habits.length] ?? [];
}
