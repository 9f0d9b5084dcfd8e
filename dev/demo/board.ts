import { channelLabel } from '../../engine/model/channels';
import type { MessageCount } from './census';
import type { Frame } from './frames';
import { columns, tally } from './text';

/** The channels of the journeys that ship. */
const CHANNELS = ['email', 'webPush', 'inApp'] as const;

/** Formats the live table, one string per line. */
export function board({ census, stages, day, days, speed, eventsPerSecond, lagMs }: Frame): string[] {
  const present = stages.map((stage) => [stage, census.stages.get(stage) ?? 0] as const);
  const visitors = census.stages.get('') ?? 0;
  return [
    `Day ${day} of ${days}, at ${speed.toLocaleString('en')} times real time`,
    `Events   ${Math.round(eventsPerSecond)} per second, ${census.events.toLocaleString('en')} in total, ${census.pending} pending, the oldest for ${Math.round(lagMs)} ms`,
    `People   ${tally([['visitor', visitors], ...present])}`,
    '',
    ...columns([
      ['JOURNEY', 'active', 'completed', 'exited', 'failed', 'people per step'],
      ...census.journeys.map(({ id, runs: { active, completed, exited, failed }, steps }) => {
        const where = tally([...steps].sort(([, one], [, other]) => other - one));
        return [id, active, completed, exited, failed, where];
      }),
    ]),
    '',
    ...columns([
      ['CHANNEL', 'sent', 'held now', 'was held', 'withdrawn', 'suppressed', 'reasons'],
      ...CHANNELS.map((channel) =>
        fates(
          channelLabel(channel),
          census.messages.filter((message) => message.channel === channel),
        ),
      ),
    ]),
  ];
}

function fates(channel: string, messages: readonly MessageCount[]): (string | number)[] {
  const count = (matches: (message: MessageCount) => boolean): number =>
    messages.filter(matches).reduce((sum, message) => sum + message.count, 0);
  const reasons = new Map<string, number>();
  const add = (reason: string, n: number): void => void reasons.set(reason, (reasons.get(reason) ?? 0) + n);
  for (const { status, reason, heldFor, count: n } of messages) {
    if (status === 'suppressed') add(reason, n);
    if (heldFor !== null) add(`held: ${heldFor}`, n);
  }
  return [
    channel,
    count(({ status }) => status === 'sent'),
    count(({ status }) => status === 'held'),
    count(({ heldFor, status }) => heldFor !== null && status !== 'held'),
    count(({ status }) => status === 'cancelled'),
    count(({ status }) => status === 'suppressed'),
    tally([...reasons]),
  ];
}
