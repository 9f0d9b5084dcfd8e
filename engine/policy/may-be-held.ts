import type { ChannelName } from '../model/state';
import { appliesTo } from './channels';
import type { Policy } from './define';

/** Can the hour or the day be against a message on the channel? What users say in `doNotDisturb` is left out. */
export function mayBeHeld({ quietHours, sendWindows = [], holidays }: Policy, channel: ChannelName): boolean {
  return [...quietHours, ...sendWindows, ...(holidays ? [holidays] : [])].some((limit) => appliesTo(limit, channel));
}
