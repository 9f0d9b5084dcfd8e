import type { Rule } from '../rule';
import { ADDRESS } from './address';
import { CAP } from './cap';
import { CONSENT } from './consent';
import { QUIET_HOURS } from './quiet-hours';
import { SUPPRESSION } from './suppression';
import { TOPIC } from './topic';

/**
 * Every question that the policy asks about a message on a channel, in order. The first one that refuses the channel or holds the
 * message ends the questions about that channel. Those that hold come last: a channel that is closed must not hold a message.
 */
export const RULES: readonly Rule[] = [ADDRESS, SUPPRESSION, CONSENT, TOPIC, CAP, QUIET_HOURS];
