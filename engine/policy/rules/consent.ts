import { NO_CONSENT, NO_CONSENT_FOR_ADDRESS, optOut } from '../objection';
import type { Rule } from '../rule';

/** Neither the user nor another holder of the address opted out of the channel. */
export const CONSENT: Rule = {
  name: 'consent',
  transactional: false,
  ask(_policy, { reach }, channel) {
    const objection = optOut(reach, channel);
    if (objection) return { says: 'refuse', obstacle: objection.cause, reason: objection.reason };
    return { says: 'pass', fact: reach.consent[channel] ? 'agreed' : 'no answer' };
  },
  reasons: () => [NO_CONSENT, NO_CONSENT_FOR_ADDRESS],
};
