import { createClient, type Client, type ClientOptions } from './client';

export type { ChatActions, Conversation } from './chats';
export type { Client, ClientOptions, Events, Properties } from './client';
export type { Fetch } from './http';
export type { KeyValueStorage } from './storage';
export type * from './wire';

/**
 * Starts a client that needs no DOM: for React Native, a service worker, Node or a renderer of your own. `on('message', …)` gets each
 * message once it has arrived.
 */
export function start(options: ClientOptions): Client {
  return createClient(options);
}
