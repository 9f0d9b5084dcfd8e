import { z } from 'zod';
import { REACTIONS } from '../model/message-reaction';
import type { JsonObject } from '../model/json';
import { event } from './event';

const message = {
  /** The id of the message. */
  message: z.string(),
  journey: z.string(),
  step: z.string(),
  /** The run that sent the message. Absent if no run did. */
  run: z.string().exactOptional(),
  /** The key of that run, in a keyed journey. */
  key: z.string().exactOptional(),
  /** The card that the message is shown in. */
  slot: z.string().exactOptional(),
};

// Without a run, so that an example stands for a message of any run.
const EXAMPLE: JsonObject = { message: '5d6c0a0e-3b6f-4f0e-9d0c-2f6a6f1c7b11', journey: 'welcome', step: 'hello' };

/*
 * What people do with in-app messages. In a wait, an exit and the goal of a run, only the run's own messages are meant. A trigger
 * takes those of all journeys.
 */

/** The person saw a message in the app. It does not count as activity, because apps report it by themselves. */
export const seen = event(REACTIONS.seen, z.object(message), EXAMPLE);
/** The person clicked a message in the app. */
export const clicked = event(REACTIONS.clicked, z.object(message), EXAMPLE);
/** The person dismissed a message in the app. */
export const dismissed = event(REACTIONS.dismissed, z.object(message), EXAMPLE);
/** The person answered a message in the app: `value` is that of the choice they took. */
export const answered = event(REACTIONS.answered, z.object({ ...message, value: z.string() }), {
  ...EXAMPLE,
  value: 'yes',
});

/** The events of messages, by name. */
export const MESSAGE_EVENTS = new Map([seen, clicked, dismissed, answered].map((one) => [one.name, one] as const));
