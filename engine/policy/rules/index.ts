import type { Rule } from '../rule';
import { ADDRESS } from './address';
import { CAP } from './cap';
import { CONSENT } from './consent';
import { DO_NOT_DISTURB } from './do-not-disturb';
import { HOLIDAY } from './holiday';
import { QUIET_HOURS } from './quiet-hours';
import { SEND_WINDOW } from './send-window';
import { SUPPRESSION } from './suppression';
import { TOPIC } from './topic';

/**
 * Every question that the policy asks about a message on a channel, in order. The first one that refuses the channel or holds the
 * message ends the questions about that channel. Those that hold come last: a channel that is closed must not hold a message.
 */
export const RULES: readonly Rule[] = [
  ADDRESS,
  SUPPRESSION,
  CONSENT,
  TOPIC,
  CAP,
  DO_NOT_DISTURB,
  QUIET_HOURS,
  HOLIDAY,
  SEND_WINDOW,
];
