import { CHANNEL_NAME, isBuiltIn, OWN_CHANNEL_DEFAULTS, type ChannelSpec } from '../model/channels';
import type { Duration } from '../model/duration';
import { toRateLimit, type Rate } from '../model/rate';
import type { ChannelSetup } from './channel-setup';
import type { SendOwn } from './own-message';
import type { DeclaredSetting } from './provider-use';

/** A channel of a team's own. */
export interface OwnChannelOptions<Name extends string> {
  /** Its name for people. Default: its name. */
  readonly label?: string;
  /** The trait that has a person's address, such as `lineId`; null if the service knows people by their user id. */
  readonly trait: string | null;
  /** The most messages to a person in any 24 hours and in any 7 days. Default: 2 and 7. */
  readonly cap?: { readonly day: number; readonly week: number };
  /** How long a message may be sent after its step is entered. Default: 1 day. */
  readonly expiry?: Duration;
  /** Whether quiet hours apply. Default: true. */
  readonly quietHours?: boolean;
  /** False if messages go to a system or to colleagues: then consent, caps and quiet hours do not apply. Default: true. */
  readonly toPerson?: boolean;
  /** The most messages in any such span of real time, over all workers. Default: no limit. */
  readonly rate?: Rate;
  /** What `send` gets of the environment, by name: `{ token: { env: 'LINE_TOKEN' } }`. */
  readonly settings?: Readonly<Record<Name, DeclaredSetting & { readonly otherwise?: string }>>;
  readonly send: SendOwn<Name>;
}

/**
 * Declares a channel of the team's own: the default export of `channels/<name>.ts`. Its templates are `*.<name>.yaml`, and messages are
 * sent by `j.send('hello', { <name>: 'template' })`.
 * @throws {TypeError} when the name is that of a channel that ships, or is no name
 */
export function channel<Name extends string = never>(
  name: string,
  { label = name, trait, rate, settings, send, quietHours, ...options }: OwnChannelOptions<Name>,
): ChannelSetup {
  if (isBuiltIn(name)) throw new TypeError(`channel: '${name}' is a channel that ships. Choose another name.`);
  if (!CHANNEL_NAME.test(name))
    throw new TypeError(
      `channel: not a name: '${name}'. Expected a small letter, then letters and digits, at most 40.`,
    );
  const { cap, expiry, quiet, toPerson } = { ...OWN_CHANNEL_DEFAULTS, ...options };
  const address = trait === null ? ({ by: 'id' } as const) : ({ by: 'trait', trait } as const);
  const spec: ChannelSpec = { name, label, address, cap, expiry, quiet: quietHours ?? quiet, toPerson };
  const declared = Object.entries<DeclaredSetting>(settings ?? {});
  return {
    kind: 'channel',
    channel: name,
    rate: rate === undefined ? null : toRateLimit(rate),
    providers: [
      {
        kind: 'provider',
        channel: name,
        type: name,
        name,
        weight: 1,
        settings: Object.fromEntries(
          declared.map(([key, { env, otherwise }]) => [
            key,
            { from: { env }, ...(otherwise !== undefined && { otherwise }) },
          ]),
        ),
      },
    ],
    // The settings that it gets are those that it has declared.
    own: { spec, send: send },
  };
}
