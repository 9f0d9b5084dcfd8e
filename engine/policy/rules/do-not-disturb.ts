import { windowEnd } from '../../model/zone';
import { disturbs } from '../channels';
import { holdUntil } from '../hold-until';
import { PASS, type Rule } from '../rule';

/** These are quiet hours of the user's own. */
const TOO_LATE = 'expires in quiet hours';

/** The user has not asked, by the trait `doNotDisturb`, to be left alone at this hour. */
export const DO_NOT_DISTURB: Rule = {
  name: 'do not disturb',
  transactional: false,
  byTime: true,
  concerns: disturbs,
  ask(_policy, { doNotDisturb = [], zone, now }) {
    const ends = doNotDisturb.flatMap((hours) => windowEnd(hours, zone, now) ?? []);
    return ends.length === 0 ? PASS : holdUntil(Math.max(...ends), 'do not disturb', TOO_LATE);
  },
  reasons: () => [TOO_LATE],
};
