import { z } from 'zod';
import { TOPIC_EVENTS } from '../model/preferences';
import { FREQUENCIES } from '../model/topic-answer';
import { channelName } from '../model/channel-name';
import { event } from './event';

const about = z.object({
  topic: z.string(),
  /** Absent if the answer concerns the topic as a whole. */
  channel: channelName.optional(),
});
const EXAMPLE = { topic: 'digest' } as const;

/*
 * What people answer about topics: on the preference page, by a link in a message, or through the API. None of these counts as
 * activity.
 */

/** The person subscribed to a topic, or to one channel of it. With double opt-in: they confirmed it. */
export const topicSubscribed = event(TOPIC_EVENTS.subscribed, about, EXAMPLE);
/** The person left a topic, or one channel of it. */
export const topicUnsubscribed = event(TOPIC_EVENTS.unsubscribed, about, EXAMPLE);
/** The person chose how often they want a topic. */
export const frequencyChosen = event(
  TOPIC_EVENTS.frequency,
  z.object({ topic: z.string(), frequency: z.enum(FREQUENCIES) }),
  { ...EXAMPLE, frequency: 'weekly' },
);
/** The person said yes to a topic with double opt-in. A message with `links.confirm` lets them confirm it. */
export const confirmationRequested = event(TOPIC_EVENTS.confirm, z.object({ topic: z.string() }), EXAMPLE);

/** The events of topics, by name. */
export const TOPIC_EVENTS_BY_NAME = new Map(
  [topicSubscribed, topicUnsubscribed, frequencyChosen, confirmationRequested].map((one) => [one.name, one] as const),
);
