import { startInBrowser, type BrowserOptions } from './browser';
import type { Client } from './client';

export type { BrowserOptions } from './browser';
export type { ChatActions, Conversation } from './chats';
export type { Client, Events, Properties } from './client';
export type * from './renderer';
export type * from './wire';

/** The client for browsers. Importing it touches neither window nor document, so a server may do so when it renders. */
export const Sojourn = {
  /** Starts to show the messages of a user. */
  start(options: BrowserOptions): Client {
    return startInBrowser(options, () => import('./kinds/index'));
  },
};
