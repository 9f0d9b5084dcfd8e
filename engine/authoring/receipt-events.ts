import { z } from 'zod';
import { PREFETCHED, RECEIPTS } from '../model/message-receipt';
import { event, type CatalogueEvent } from './event';
import { about, EXAMPLE } from './message-events';
import { stepEvent, type StepEvent } from './step-event';

const sent = {
  ...about,
  /** The channel of the message. */
  channel: z.string(),
  /** The words of the provider, for people. */
  detail: z.string().exactOptional(),
};
const whole = z.object(sent);
type Sent = z.infer<typeof whole>;

const MAIL = { ...EXAMPLE, channel: 'email' } as const;

const ofSent = <const Name extends string>(name: Name): StepEvent<Sent, Name> =>
  stepEvent(event(name, whole, MAIL) as CatalogueEvent<Sent, Name>);

/*
 * What providers report about messages, and what pictures and links of messages tell. In a wait, an exit and the goal of a run, only the
 * run's own messages are meant. A trigger takes those of all journeys. Each can be called with the name of a step.
 */

/** The provider handed the message over: the mail server, telephone network or push service of the person took it. */
export const delivered = ofSent(RECEIPTS.delivered);
/** The person opened the message. It does not count as activity, because programs that show mail report it. */
export const opened = ofSent(RECEIPTS.opened);
/**
 * A machine loaded the picture of the message or followed one of its links. `url` is that of the link, and `sign` says by what it was told
 * from a person: `request`, `soon` or `many links`.
 */
export const prefetched = stepEvent(
  event(PREFETCHED, z.object({ ...sent, url: z.string().exactOptional(), sign: z.string().exactOptional() }), MAIL),
);
/** The message came back. `permanent` says that the address takes none for good. */
export const bounced = stepEvent(
  event(RECEIPTS.bounced, z.object({ ...sent, permanent: z.boolean() }), { ...MAIL, permanent: true }),
);
/** The person reported the message as spam. */
export const complained = ofSent(RECEIPTS.complained);
/** The provider gave the message up, for another reason than the address. */
export const failed = ofSent(RECEIPTS.failed);
/** The person unsubscribed at the provider. The event `Unsubscribed` follows, if they had agreed to the channel. */
export const messageUnsubscribed = ofSent(RECEIPTS.unsubscribed);
/** The person answered the message. `text` is what they wrote. */
export const replied = stepEvent(
  event(RECEIPTS.replied, z.object({ ...sent, text: z.string().exactOptional() }), { ...MAIL, text: 'Yes, please' }),
);

/** The events of receipts, by name. `Message Clicked` is one of people, too. */
export const RECEIPT_EVENTS = new Map(
  [delivered, opened, prefetched, bounced, complained, failed, messageUnsubscribed, replied].map(
    (one) => [one.name, one] as const,
  ),
);
