import type { Report } from '../../dev/report';
import type { Candidate } from '../../engine/policy/candidate';
import { decide } from '../../engine/policy/decide';
import { policy, type Policy } from '../../engine/policy/define';
import { keptOf } from '../../engine/policy/trace';
import { short, type Figure } from '../figure';
import { median } from '../stats';

const HOUR_MS = 3_600_000;
const NOON = Date.parse('2026-01-05T12:00:00Z');
/** Messages in a round. */
const MESSAGES = 5_000;
const ROUNDS = 5;

/** What a policy asks: nothing but the address, its defaults, or everything it can. */
const POLICIES = {
  open: policy({
    caps: Object.fromEntries(
      ['total', 'transactional', 'email', 'webPush', 'inApp'].map((name) => [name, { day: Infinity, week: Infinity }]),
    ),
    quietHours: null,
  }),
  default: policy(),
  everything: policy({
    caps: { email: { hour: 2, localDay: 3, day: 3, week: 9, month: 30 }, journeys: { news: { week: 7 } } },
    sendWindows: { from: '09:00', to: '18:00', weekdays: [1, 2, 3, 4, 5] },
    holidays: { dates: { '*': ['01-01', '12-25'], DE: ['10-03'] } },
  }),
} as const satisfies Readonly<Record<string, Policy>>;

/** Measures what the policy costs for each message in CPU time, in rounds that alternate between the policies. */
export function measurePolicy(report: Report): Figure[] {
  const rounds = new Map<string, number[]>(Object.keys(POLICIES).map((name) => [name, []]));
  // The first round warms up.
  for (let round = 0; round <= ROUNDS; round++)
    for (const [name, limits] of Object.entries(POLICIES)) {
      const each = microseconds(limits);
      if (round > 0) rounds.get(name)?.push(each);
    }
  const bytes = JSON.stringify(keptOf(decide(POLICIES.default, candidate(0)).asked)).length;
  report(`policy: ${[...rounds].map(([name, values]) => `${name} ${short(median(values))} µs`).join(', ')}`);
  return [
    ...[...rounds].map(([name, values]): Figure => ({
      name: 'policy',
      of: `microseconds_${name}`,
      value: median(values),
      range: [Math.min(...values), Math.max(...values)],
      unit: 'µs',
      note: `CPU of a message by email that is sent, ${MESSAGES} in a round`,
    })),
    { name: 'policy', of: 'bytes_kept', value: bytes, unit: 'bytes', note: 'the rules asked, with the default policy' },
  ];
}

function microseconds(limits: Policy): number {
  const begun = process.cpuUsage();
  for (let index = 0; index < MESSAGES; index++) {
    const { kind, asked } = decide(limits, candidate(index));
    if (kind !== 'send') throw new Error('Every message of the bench should be sent.');
    keptOf(asked);
  }
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / MESSAGES;
}

/** A message to a user in Berlin, who has got two this week. */
function candidate(index: number): Candidate {
  const now = NOON + (index % 1_000);
  return {
    channels: ['email', 'webPush'],
    transactional: false,
    journey: 'news',
    expiresAt: now + 72 * HOUR_MS,
    addressBy: 0,
    reach: { reachable: ['email', 'inApp'], consent: { email: true } },
    zone: 'Europe/Berlin',
    country: 'DE',
    sent: [-50, -90].map((hours) => ({ at: now + hours * HOUR_MS, channel: 'email', transactional: false })),
    now,
  };
}
