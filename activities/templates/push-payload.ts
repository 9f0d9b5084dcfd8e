import type { WebPushContent } from './content';
import { withFittingBody } from './fitting-body';
import { ELLIPSIS } from './shortened';

/**
 * The longest JSON that a push service has to accept. It must take 4096 octets of encrypted body (RFC 8291 4), of which aes128gcm
 * needs 86 for its header with the sender's key, 16 for the authentication tag and 1 for the delimiter of the padding. UTF-8 octets.
 */
export const MAX_PAYLOAD_BYTES = 4_096 - 86 - 16 - 1;

/** As long as any id of a message. */
const EXAMPLE_ID = '00000000-0000-0000-0000-000000000000';

/** What the service worker gets: the notification, and the message's id for reporting a click. */
export interface PushPayload extends WebPushContent {
  readonly messageId: string;
}

/**
 * Writes a notification as JSON of at most `MAX_PAYLOAD_BYTES`. When it is too long, the body is cut between two characters and ends
 * with an ellipsis. All other fields stay as they are.
 * @param id of the message, which is also the tag of a notification without one
 * @returns null when the other fields alone are too long
 */
export function pushPayload(content: WebPushContent, id: string): string | null {
  const payload: PushPayload = { tag: id, ...content, messageId: id };
  return withFittingBody(payload.body, MAX_PAYLOAD_BYTES, (body) => JSON.stringify({ ...payload, body }));
}

/** Finds a notification that is too long. Each of its problems is one sentence. */
export function flawsOfPush(content: WebPushContent): string[] {
  const payload = pushPayload(content, EXAMPLE_ID);
  if (payload === null)
    return [`title, url, tag and icon are longer than the ${MAX_PAYLOAD_BYTES} octets that push services take`];
  const { body } = JSON.parse(payload) as PushPayload;
  return body === content.body
    ? []
    : [
        `the notification is longer than the ${MAX_PAYLOAD_BYTES} octets that push services take; the body would end after ${body.length - ELLIPSIS.length} characters`,
      ];
}
