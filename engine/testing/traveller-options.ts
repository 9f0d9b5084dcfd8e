import type { Sources } from '../definitions/definitions';
import type { JsonObject } from '../model/json';
import type { ChannelName } from '../model/state';
import type { Preferences } from '../model/topic-answer';
import type { Render } from './mailbox';
import type { CallStandIn } from './takes';

/** The person of a test, and the rules. */
export interface TravellerOptions {
  /** Default `ada`. */
  readonly id?: string;
  /** IANA time zone, such as `Europe/Berlin`. Default: UTC. */
  readonly timezone?: string;
  readonly traits?: JsonObject;
  /** The channels that reach the person. Default: all. */
  readonly channels?: readonly ChannelName[];
  readonly consent?: Partial<Record<ChannelName, boolean>>;
  /** What the person has answered about topics: `{ digest: { standing: 'in', frequency: 'weekly' } }`. Default: nothing. */
  readonly topics?: Preferences;
  /**
   * Stand-ins for calls, by the name of the step. If this is given, no call is really made: a step without a stand-in is an error. A
   * stand-in that throws is a call that fails, and one that `takes('1 hour', …)` a slow one. A stand-in for a call that no journey makes
   * is an error, too: that of a call that comes by a deploy is given to `deploy`. Default: calls are made.
   */
  readonly calls?: Readonly<Record<string, CallStandIn>>;
  /** Renders what is sent, for `mailbox`: `templatesIn('journeys')`. */
  readonly templates?: Promise<Render>;
  /** When virtual time begins, ISO 8601. Without a zone it is UTC. Default: Monday, 5 January 2026, noon UTC. */
  readonly at?: string;
  /** Further journeys, stages, the policy, topics and flags. Default: no further journeys, no stages, the default policy, no topics, no flags. */
  readonly with?: Partial<Omit<Sources, 'traits'>>;
}

/** Several people of one test need an id each. */
export type FirstTravellerOptions = TravellerOptions & { readonly id: string };

/** What concerns all people of a test, and is said of the first. */
export const OF_ALL = ['at', 'with', 'calls', 'templates'] as const satisfies readonly (keyof TravellerOptions)[];

/** A further person of a test. */
export type FurtherTravellerOptions = Omit<FirstTravellerOptions, (typeof OF_ALL)[number]>;
