import { z } from 'zod';

// Paths are resolved against this base. Only its origin matters.
const BASE = 'http://path.invalid';

function isLink(text: string): boolean {
  if (!URL.canParse(text, BASE)) return false;
  const { protocol, origin } = new URL(text, BASE);
  // Like browsers, the parser drops tabs and reads a backslash as a slash, so `/\evil` leaves the origin.
  if (text.startsWith('/')) return origin === BASE;
  return URL.canParse(text) && (protocol === 'https:' || protocol === 'http:');
}

const link = z.string().refine(isLink, 'must be an http(s) address or a path that begins with /');

/** The content of an email. */
export interface EmailContent {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
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

/** Schema of an in-app message, as the app shows it. */
export const inAppContent = z.strictObject({
  kind: z.enum(['banner', 'modal', 'prompt', 'progress', 'card']),
  title: z.string(),
  body: z.string(),
  actionLabel: z.string().exactOptional(),
  url: link.exactOptional(),
  /** Progress from 0 to 1. */
  progress: z.coerce.number().min(0).max(1).exactOptional(),
  /** Preset answers: the value that is reported back, and the label that the person reads. */
  choices: z
    .array(z.strictObject({ value: z.string(), label: z.string() }))
    .min(1)
    .exactOptional(),
});
export type InAppContent = z.infer<typeof inAppContent>;
