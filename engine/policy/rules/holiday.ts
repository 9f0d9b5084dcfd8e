import { nextLocalDay } from '../../model/zone';
import { appliesTo } from '../channels';
import { isHoliday } from '../holidays';
import { holdUntil } from '../hold-until';
import { PASS, type Rule } from '../rule';

const TOO_LATE = 'expires on a holiday';

/** It is no holiday, by the user's calendar and country. */
export const HOLIDAY: Rule = {
  name: 'holiday',
  transactional: false,
  byTime: true,
  concerns: (policy, channel) => policy.holidays !== undefined && appliesTo(policy, policy.holidays, channel),
  ask({ holidays }, { zone, country = null, now }) {
    if (!holidays || !isHoliday(holidays, country, zone, now)) return PASS;
    return holdUntil(nextLocalDay(now, zone), 'holiday', TOO_LATE);
  },
  reasons: () => [TOO_LATE],
};
