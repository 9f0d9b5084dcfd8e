import type { Channel } from '../../activities/channels/channel';
import type { Rendering } from '../../activities/channels/rendered';
import type { Database } from '../../store/database';
import type { FakeService } from '../../test/fakes/service';
import type { SignedRequest } from '../../test/fakes/signed-request';

/** The channels that the bench sends by. */
export type BenchChannel = 'email' | 'sms' | 'voice' | 'push' | 'webPush' | 'webhook';

/** A message of the loop that is written by hand. */
export interface PlainMessage {
  readonly id: string;
  readonly email: string;
  readonly phone: string;
}

export type Headers = Readonly<Record<string, string>>;

/** A request to a path of the provider. */
interface PlainRequest {
  readonly path: string;
  readonly headers: Headers;
  readonly body: string | Uint8Array;
}

/** A provider on this machine, and how both sides use it. */
export interface BenchProvider {
  readonly channel: BenchChannel;
  readonly fake: FakeService;
  /** Our channel, with the provider guarded as in production. */
  readonly ours: (rendering: Rendering, database: Database) => Channel;
  /** Stores where the users of these messages are reached. Absent: their traits say it. */
  readonly register?: (database: Database, messages: readonly PlainMessage[]) => Promise<void>;
  /** The request of an app that posts to the provider itself. */
  readonly plain: (message: PlainMessage) => PlainRequest;
  /** What the provider reports to an address of an app when a message is delivered. Absent: it reports nothing. */
  readonly report?: (publicUrl: string, messageId: string) => SignedRequest & { readonly path: string };
}

/** The texts of both sides. */
export const TEXT = { subject: 'Your gate has changed', text: 'Your flight now leaves from gate B42.' } as const;
