import type { Connection, Sink } from './connection';
import type { Item } from './queue';

/** Takes what the user did, or what of it the server has refused for good. */
export type Tell = (item: Item, refused?: boolean) => void;

/** Of several pages of one browser, what they share. */
export interface Sharing {
  /** The key under which this page keeps its queue. */
  readonly queue: string;
  /** Opens the connection where it is the turn of this page, and brings the state of another page's connection elsewhere. */
  connect: (open: (sink: Sink) => Connection, sink: Sink) => Connection;
  /** Tells the other pages what the user did, or what of it the server has refused for good. */
  tell: Tell;
  /** Passes on what another page has told, and what one has left unsent. */
  listen(hear: { readonly told: Tell; readonly left: (items: unknown) => void }): void;
}

/** What a client is made of beside its options. */
export interface Parts {
  readonly share?: (user: string) => Sharing;
  /** Whether something else decides when a message is shown. */
  readonly directed?: boolean;
}
