import { CHANNEL_NAME, isBuiltIn, OWN_CHANNEL_DEFAULTS, type ChannelSpec } from '../model/channels';
import { optionMs, type Duration } from '../model/duration';
import type { JsonObject } from '../model/json';
import { toRateLimit, type Rate } from '../model/rate';
import type { ChannelSetup } from './channel-setup';

/** A rendered message of a channel of one's own. */
export interface OwnMessage {
  /** The same at every attempt. Give it to the service as the idempotency key, and as the reference that its receipts carry. */
  readonly id: string;
  readonly userId: string;
  /** The text of the trait that is the address, or the id of the user. */
  readonly to: string;
  /** What the template renders to, as in `hello.line.yaml`. */
  readonly content: JsonObject;
  readonly journey: string;
  readonly step: string;
  readonly transactional: boolean;
  /** Real milliseconds for which the message is still worth delivering. */
  readonly ttlMs: number;
  readonly links: { readonly unsubscribe: string; readonly app: string };
  /** The values of the environment variables that `env` names, by name. */
  readonly env: Readonly<Record<string, string>>;
  /** Aborted when the attempt takes too long. Pass it to `fetch`. */
  readonly signal: AbortSignal;
}

/** What became of a message. */
export type OwnOutcome =
  | { readonly outcome: 'sent'; /** The id that the service gave it. */ readonly id?: string }
  /** The service refuses it for good. With `dead`, the address takes no message at all, and no later one is sent to it. */
  | { readonly outcome: 'refused'; readonly detail?: string; readonly dead?: boolean }
  | {
      readonly outcome: 'retry';
      /** A short code without personal data, such as the status. It shows in Temporal. */
      readonly code: string;
      readonly detail?: string;
      /** The pause that the service asks for, in real milliseconds. */
      readonly afterMs?: number;
    };

/** Hands a message to the service of a channel of one's own. What it throws is an error in its code, and the attempt is repeated. */
export type OwnDeliver = (message: OwnMessage) => Promise<OwnOutcome>;

/** Options of a channel of one's own. */
export interface OwnChannelOptions {
  /** Its name for people. */
  readonly label: string;
  /** The trait that is the address. Default: everybody is reached, by their id. */
  readonly trait?: string;
  /** Default: 2 a day and 7 a week. */
  readonly cap?: { readonly day: number; readonly week: number };
  /** How long a message may be sent. Default: 1 day. */
  readonly expires?: Duration;
  /** Quiet hours apply. Default: true. */
  readonly quiet?: boolean;
  /** Default: no limit. */
  readonly rate?: Rate;
  /** The environment variables that `deliver` needs. A worker does not start without them. */
  readonly env?: readonly string[];
  readonly deliver: OwnDeliver;
}

/**
 * A channel of one's own: the default export of `channels/<name>.ts`.
 * @param name a word like `line`. Its templates are `<template>.<name>.yaml`
 * @throws {TypeError} when the name is that of a channel that ships, or an option is wrong
 */
export function channel(name: string, options: OwnChannelOptions): ChannelSetup {
  const { label, trait, cap, expires, quiet, rate, env = [], deliver } = options;
  if (!CHANNEL_NAME.test(name) || isBuiltIn(name))
    throw new TypeError(
      `Not a name of a channel of your own: '${name}'. Expected a word like 'line' that no channel has.`,
    );
  if (expires !== undefined) optionMs(`${name}: expires`, expires);
  const spec: ChannelSpec = {
    ...OWN_CHANNEL_DEFAULTS,
    name,
    label,
    address: trait === undefined ? { by: 'id' } : { by: 'trait', trait },
    ...(cap && { cap }),
    ...(expires !== undefined && { expiry: expires }),
    ...(quiet !== undefined && { quiet }),
  };
  return {
    kind: 'channel',
    channel: name,
    rate: rate === undefined ? null : toRateLimit(rate),
    providers: [],
    own: { spec, env, deliver },
  };
}
