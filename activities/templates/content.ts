import { z } from 'zod';

// Only its origin matters: what a path is resolved against.
const BASE = 'http://path.invalid';

function isLink(text: string): boolean {
  if (!URL.canParse(text, BASE)) return false;
  const { protocol, origin } = new URL(text, BASE);
  // The parser drops tabs and reads a backslash as a slash, as browsers do: `/\evil` is no path.
  if (text.startsWith('/')) return origin === BASE;
  return URL.canParse(text) && (protocol === 'https:' || protocol === 'http:');
}

const link = z.string().refine(isLink, 'must be an http(s) address or a path that begins with /');

/** An email as it is sent. */
export interface EmailContent {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

/** A push notification, as the service worker shows it. */
export const webPushContent = z.strictObject({
  title: z.string(),
  body: z.string(),
  url: link,
  /** A later notification with the same tag replaces this one. */
  tag: z.string().exactOptional(),
  icon: link.exactOptional(),
});
export type WebPushContent = z.infer<typeof webPushContent>;

/** An in-app message, as the app shows it. */
export const inAppContent = z.strictObject({
  kind: z.enum(['banner', 'modal', 'prompt', 'progress', 'card']),
  title: z.string(),
  body: z.string(),
  actionLabel: z.string().exactOptional(),
  url: link.exactOptional(),
  /** How far along, from 0 to 1. */
  progress: z.coerce.number().min(0).max(1).exactOptional(),
  /** Preset answers: what is reported back, and what the person reads. */
  choices: z
    .array(z.strictObject({ value: z.string(), label: z.string() }))
    .min(1)
    .exactOptional(),
});
export type InAppContent = z.infer<typeof inAppContent>;
