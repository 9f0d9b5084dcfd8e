import { windowEnd } from '../../model/zone';
import { appliesTo, isQuiet } from '../channels';
import { holdUntil } from '../hold-until';
import { PASS, type Rule } from '../rule';

/** It is not within quiet hours of the channel, in the user's zone. */
export const QUIET_HOURS: Rule = {
  name: 'quiet hours',
  transactional: false,
  byTime: true,
  concerns: isQuiet,
  ask(policy, { zone, now }, channel) {
    const ends = policy.quietHours
      .filter((hours) => appliesTo(policy, hours, channel))
      .flatMap((hours) => windowEnd(hours, zone, now) ?? []);
    return ends.length === 0 ? PASS : holdUntil(Math.max(...ends), 'quiet hours', 'expires in quiet hours');
  },
  reasons: () => ['expires in quiet hours'],
};
