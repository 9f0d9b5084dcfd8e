import type { Platform } from '../../store/push-devices';
import type { Delivery } from '../channels/channel';
import type { PushContent } from '../templates/push-content';

/** A push message for one installation of an app. The token is the address. */
export interface DeviceMessage {
  readonly content: PushContent;
  readonly platform: Platform;
  /** The bundle id or package of the app; null when it is not known. */
  readonly app: string | null;
}

/** What both services take of a message. UTF-8 octets. */
export const MAX_PAYLOAD_OCTETS = 4_096;

/** The outcome for a message whose parts other than the body are too long. */
export const TOO_LONG: Delivery = {
  outcome: 'suppressed',
  cause: 'template',
  reason: 'template error',
  detail: `title, url, image and data are longer than the ${MAX_PAYLOAD_OCTETS} octets that push services take`,
};

/** What the app itself reads of a message: its id, for reporting a tap, the address to open, and the template's data. */
export function appData(id: string, { data = {}, url }: PushContent): Record<string, string> {
  return { ...data, messageId: id, ...(url !== undefined && { url }) };
}

/** What the dictionary `aps` has of a message beside its text. */
export function apsOptions({ badge, sound, category, image, interruption }: PushContent): object {
  return {
    ...(badge !== undefined && { badge }),
    ...(sound !== undefined && { sound }),
    ...(category !== undefined && { category }),
    // An extension of the app may then load the image.
    ...(image !== undefined && { 'mutable-content': 1 }),
    ...(interruption !== undefined && { 'interruption-level': interruption }),
  };
}

/** The outcome when a service does not know a token any more. */
export function deadToken(token: string, detail: string): Delivery {
  return { outcome: 'suppressed', cause: 'bounced', reason: 'bounced', detail, deadAddress: token };
}
