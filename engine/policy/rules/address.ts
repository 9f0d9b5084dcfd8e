import { PASS, type Rule } from '../rule';

/** The channel has an address of the user. */
export const ADDRESS: Rule = {
  name: 'address',
  transactional: true,
  toOthers: true,
  ask: (_policy, { reach, unreachable = () => 'no address' }, channel) =>
    reach.reachable.includes(channel) ? PASS : { says: 'refuse', obstacle: 'address', reason: unreachable(channel) },
  reasons: () => ['no address'],
};
