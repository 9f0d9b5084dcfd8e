import { BOUNCED, bounced } from '../objection';
import { PASS, type Rule } from '../rule';

/** Nothing that was sent to the address came back for good. */
export const SUPPRESSION: Rule = {
  name: 'suppression',
  transactional: true,
  ask(_policy, { reach }, channel) {
    const objection = bounced(reach, channel);
    return objection ? { says: 'refuse', obstacle: objection.cause, reason: objection.reason } : PASS;
  },
  reasons: () => [BOUNCED],
};
