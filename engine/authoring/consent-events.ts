import { z } from 'zod';
import { CONSENT_EVENTS } from '../model/consent';
import { channelName } from '../model/channel-name';
import { event } from './event';

const about = z.object({ channel: channelName });
const EXAMPLE = { channel: 'email' } as const;

/*
 * What people answer when they are asked for consent: on a page of preferences, by a link in a message, or through the API. None of
 * these counts as activity.
 */

/** The person agreed to a channel, also if they had agreed before. */
export const consentGiven = event(CONSENT_EVENTS.given, about, EXAMPLE);
/** The person agreed to a channel that they had opted out of. */
export const subscribed = event(CONSENT_EVENTS.subscribed, about, EXAMPLE);
/** The person opted out of a channel, or a journey withdrew their consent. */
export const unsubscribed = event(CONSENT_EVENTS.unsubscribed, about, EXAMPLE);

/** The events of consent, by name. */
export const CONSENT_EVENTS_BY_NAME = new Map(
  [consentGiven, subscribed, unsubscribed].map((one) => [one.name, one] as const),
);
