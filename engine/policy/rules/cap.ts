import { capOn, capsOn } from '../caps';
import { PASS, type Rule } from '../rule';

/** There is room under each cap that counts the message. */
export const CAP: Rule = {
  name: 'cap',
  transactional: true,
  ask(policy, { sent, transactional, now }, channel) {
    const cap = capOn(policy, sent, { channel, transactional }, now);
    return cap ? { says: 'refuse', obstacle: 'cap', reason: cap.reason, roomAt: cap.roomAt } : PASS;
  },
  reasons: (policy, channel, { transactional }) =>
    capsOn(policy, { channel, transactional }).map(({ reason }) => reason),
};
