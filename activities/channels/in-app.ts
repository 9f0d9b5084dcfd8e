import type { JsonObject } from '../../engine/model/json';
import type { Channel } from './channel';
import { rendered, type Rendering } from './rendered';

/** Storage for in-app messages, from which the user's client reads them: the message's own row. */
export interface Inbox {
  save(messageId: string, content: JsonObject): Promise<void>;
}

/** Options of the in-app channel. */
export interface InAppOptions extends Rendering {
  readonly inbox: Inbox;
}

/** Creates the in-app channel. A message is delivered once it is stored in the inbox. */
export function inAppChannel({ inbox, ...rendering }: InAppOptions): Channel {
  return {
    name: 'inApp',
    deliver: (envelope) =>
      rendered(rendering, 'inApp', envelope, async (content) => {
        await envelope.confirm();
        await inbox.save(envelope.id, content);
        return { outcome: 'sent', providerId: null };
      }),
    async close() {},
  };
}
