import { BOUNCED, COMPLAINED, undeliverable } from '../objection';
import { PASS, type Rule } from '../rule';

/** Nothing that was sent to the address came back for good or was reported as spam. */
export const SUPPRESSION: Rule = {
  name: 'suppression',
  transactional: true,
  ask(_policy, { reach }, channel) {
    const objection = undeliverable(reach, channel);
    return objection ? { says: 'refuse', obstacle: objection.cause, reason: objection.reason } : PASS;
  },
  reasons: () => [BOUNCED, COMPLAINED],
};
