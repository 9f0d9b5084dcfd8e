import type { Logger } from 'pino';
import type { AddressesOf } from '../config/addresses-of';
import type { Config } from '../config/config';
import type { Environment } from '../config/rule';
import type { Clock } from '../engine/model/clock';
import type { DefinitionsProvider } from '../engine/definitions/definitions';
import type { ChannelSetup } from '../engine/authoring/channel-setup';
import type { EventDefinition } from '../engine/authoring/event';
import type { ChannelName } from '../engine/model/state';
import type { TemplateUse } from '../engine/definitions/template-use';
import type { Database } from '../store/database';
import type { PendingEvent } from '../store/pending';
import type { Gates } from './auth';
import type { Limits } from './limits';
import type { Route } from './route';
import type { SdkFiles } from './sdk-files';
import type { Pages } from './stream/pages';

/** Notifies users' lifecycles of pending events. Calls return at once and never fail; lost notifications are re-sent later. */
export interface Waker {
  eventsPending(userId: string, events: readonly Omit<PendingEvent, 'userId'>[]): void;
}

/** What the API depends on. */
export interface ApiDeps {
  readonly config: Pick<Config, 'writeKey' | 'adminKey' | 'secret' | 'publicUrl' | 'mergeUsersWith' | 'trustedProxies'>;
  readonly database: Database;
  readonly clock: Clock;
  readonly definitions: DefinitionsProvider;
  /** The events whose properties are checked. An edit under `npm start` changes them: read them for each request. */
  readonly catalogue: readonly EventDefinition<unknown>[];
  /** How channels send, as far as the team says it. Read for each request, as `catalogue`. */
  readonly setups: readonly ChannelSetup[];
  readonly waker: Waker;
  readonly pages: Pick<Pages, 'admit' | 'open'>;
  /** The key with which browsers subscribe to notifications (RFC 8292). */
  readonly vapidPublicKey: string;
  /** Says what is wrong with a template for messages outside any journey; null when nothing is. */
  readonly templateProblem: (channel: ChannelName, template: string) => string | null;
  /** Says what is wrong with a template where a journey uses it, one sentence per problem. */
  readonly checkTemplate: (use: TemplateUse) => string[];
  /** Rejects within seconds, with a reason, when Temporal is unreachable. */
  readonly probeTemporal: () => Promise<void>;
  /** Default: the system's name servers. */
  readonly addressesOf?: AddressesOf;
  /** The variables with the keys of those who report receipts. Default: none is set. */
  readonly environment?: Environment;
  /** The browser SDK that is served. */
  readonly sdk: SdkFiles;
  readonly log: Logger;
  /** Makes routes that are no part of the API, and that its description does not have. Default: none. */
  readonly extraRoutes?: ExtraRoutes;
  /** Default: `DEFAULT_LIMITS`. */
  readonly limits?: Limits;
}

/** Makes routes beside those of the API, with the same dependencies and authentication. */
export type ExtraRoutes = (deps: ApiDeps, open: Gates) => readonly Route[];

/** Notifies the lifecycle of every user with pending events. */
export function wake(waker: Waker, pending: readonly PendingEvent[]): void {
  const byUser = new Map<string, PendingEvent[]>();
  for (const event of pending) {
    const events = byUser.get(event.userId);
    if (events) events.push(event);
    else byUser.set(event.userId, [event]);
  }
  for (const [userId, events] of byUser) waker.eventsPending(userId, events);
}
