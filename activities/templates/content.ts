import { z } from 'zod';
import { banner } from './in-app/banner';
import { card } from './in-app/card';
import { celebration } from './in-app/celebration';
import { chat } from './in-app/chat';
import { checklist } from './in-app/checklist';
import { modal } from './in-app/modal';
import { poll } from './in-app/poll';
import { progress } from './in-app/progress';
import { prompt } from './in-app/prompt';
import { quiz } from './in-app/quiz';
import { rating } from './in-app/rating';
import { slideIn } from './in-app/slide-in';
import { survey } from './in-app/survey';
import { tip } from './in-app/tip';
import { link } from './link';

/** A file that goes with an email. */
export interface Attachment {
  readonly filename: string;
  /** Such as `application/pdf`. */
  readonly contentType: string;
  readonly base64: string;
}

/** The content of an email. Addresses are an address, or a name and an address. */
export interface EmailContent {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** Instead of the configured sender. */
  readonly from?: string;
  readonly replyTo?: readonly string[];
  readonly cc?: readonly string[];
  /** Further headers. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly attachments?: readonly Attachment[];
}

/** Schema of a push notification, as the service worker shows it. */
export const webPushContent = z.strictObject({
  title: z.string(),
  body: z.string(),
  url: link,
  /** A later notification with the same tag replaces this one. */
  tag: z.string().exactOptional(),
  icon: link.exactOptional(),
});
export type WebPushContent = z.infer<typeof webPushContent>;

const KINDS = [
  ...([banner, modal, slideIn, prompt, tip, card, survey] as const),
  ...([rating, poll, quiz, progress, checklist, celebration, chat] as const),
] as const;
const names = KINDS.flatMap(({ shape }) => [...shape.kind.values]);

/** Schema of an in-app message, as the app shows it: one for each kind. docs/in-app-protocol.md says what the members mean. */
export const inAppContent = z.discriminatedUnion('kind', KINDS, `must be one of ${names.join(', ')}`);
export type InAppContent = z.infer<typeof inAppContent>;
