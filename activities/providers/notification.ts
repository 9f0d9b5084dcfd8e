import type { JsonObject } from '../../engine/model/json';

/** What Braze and OneSignal show of a notification: the fields that the content of `push` and `webPush` have in common, and more. */
export interface Notification {
  readonly title: string;
  readonly body: string;
  /** What a tap opens: a deep link, or a page. */
  readonly url?: string;
  readonly image?: string;
  readonly data?: JsonObject;
  readonly badge?: number;
}
