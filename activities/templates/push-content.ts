import { z } from 'zod';
import { integerIn } from './in-app/values';

/** Schemes of addresses that run code or carry content themselves. No app needs them as a link. */
const UNSAFE = ['javascript:', 'data:', 'vbscript:', 'file:', 'blob:'];

/** An address that an app opens: a path of its own, a web page, or a link of any scheme, such as `myapp://orders/7`. */
const deepLink = z
  .string()
  .refine(
    (text) => text.startsWith('/') || (URL.canParse(text) && !UNSAFE.includes(new URL(text).protocol)),
    'must be a path that begins with /, or an address such as https://… or myapp://…',
  );

/** Systems load images of notifications by https only. */
const image = z
  .string()
  .refine((text) => text.startsWith('https://') && URL.canParse(text), 'must be an https address');

/** Keys that FCM uses itself, or that the payload has already. */
const RESERVED = /^(from|message_type|messageId|url|image|aps|gcm.*|google.*)$/;

const data = z
  .record(
    z.string().refine((key) => !RESERVED.test(key), 'is a name that FCM, APNs or Sojourn uses itself'),
    z.string('must be a text'),
  )
  .exactOptional();

/** Schema of a push message to an app. */
export const pushContent = z.strictObject({
  title: z.string(),
  body: z.string(),
  /** Opened by a tap. */
  url: deepLink.exactOptional(),
  image: image.exactOptional(),
  /** For the app. FCM takes only texts. */
  data,
  /** The number at the app's icon. */
  badge: integerIn(0, 999_999).exactOptional(),
  /** A file of the app, or `default`. */
  sound: z.string().exactOptional(),
  /** A later message with the same key replaces this one. Default: the message's id, so that a repeated attempt does. */
  collapseKey: z.string().max(64).exactOptional(),
  /** The actions below the message: the category that the app has registered on iOS, the click action on Android. */
  category: z.string().exactOptional(),
  /** The notification channel on Android. */
  androidChannel: z.string().exactOptional(),
  /** How much iOS may interrupt. */
  interruption: z.enum(['passive', 'active', 'time-sensitive', 'critical']).exactOptional(),
});
export type PushContent = z.infer<typeof pushContent>;
