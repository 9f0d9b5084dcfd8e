import type { Check } from '../bench';
import { CONNECTION_CHECKS } from './connection';
import { EVENT_CHECKS } from './events';
import { OFFLINE_CHECKS } from './offline';
import { REACTION_CHECKS } from './reactions';
import { STATE_CHECKS } from './state';
import { TOKEN_CHECKS } from './token';

/** All that is held against a client, in the order of the protocol. */
export const CHECKS: readonly Check[] = [
  ...TOKEN_CHECKS,
  ...STATE_CHECKS,
  ...CONNECTION_CHECKS,
  ...REACTION_CHECKS,
  ...EVENT_CHECKS,
  ...OFFLINE_CHECKS,
];
