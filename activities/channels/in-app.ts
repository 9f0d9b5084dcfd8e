import type { JsonObject } from '../../engine/model/json';
import type { Channel } from './channel';
import { rendered, type Rendering } from './rendered';

/** Where in-app messages wait for the user's client: the message's own row. */
export interface Inbox {
  save(messageId: string, content: JsonObject): Promise<void>;
}

export interface InAppOptions extends Rendering {
  readonly inbox: Inbox;
}

/** In-app messages: delivered once they are stored where the user's client reads them. */
export function inAppChannel({ inbox, ...rendering }: InAppOptions): Channel {
  return {
    name: 'inApp',
    deliver: (envelope) =>
      rendered(rendering, 'inApp', envelope, async (content) => {
        await inbox.save(envelope.id, content);
        return { outcome: 'sent', providerId: null };
      }),
    async close() {},
  };
}
