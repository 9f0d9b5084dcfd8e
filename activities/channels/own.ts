import type { ChannelSetup } from '../../engine/authoring/channel-setup';
import type { OwnOutcome } from '../../engine/authoring/own-channel';
import type { ChannelSpec } from '../../engine/model/channels';
import type { JsonObject } from '../../engine/model/json';
import { getOwn } from '../../engine/model/own-property';
import { unreachableReason } from '../../engine/model/reach';
import { mailbox } from '../providers/mailbox';
import { guarded } from '../providers/guarded';
import type { HandedOver, Provider } from '../providers/provider';
import type { Channel } from './channel';
import { handOver } from './hand-over';
import { rendered, type Rendering } from './rendered';

/** An attempt of a team's own code that takes longer is given up. Real milliseconds. */
const LIMIT_MS = 30_000;

/** A channel of a team's own, by its setup. */
export interface OwnChannelParts extends Rendering {
  readonly channel: string;
  readonly own: NonNullable<ChannelSetup['own']>;
  /** The values of its environment variables. */
  readonly env: Readonly<Record<string, string>>;
  /** The mailbox of this machine, which shows the messages if a variable is missing; null where there is none. */
  readonly mailboxUrl: string | null;
}

/** Creates a channel of a team's own. Its code is guarded like a provider. */
export function ownChannel({ channel, own, env, mailboxUrl, ...rendering }: OwnChannelParts): Channel {
  const isShown = mailboxUrl !== null && own.env.some((name) => !env[name]);
  const provider = isShown ? mailbox({ url: mailboxUrl, channel }) : providerOf(channel, own, env);
  const providers = [guarded<JsonObject>(provider, { channel, weight: 1 })];
  return {
    name: channel,
    async deliver(envelope, signal) {
      const { id, traits } = envelope.user;
      const to = addressOf(own.spec, id, traits);
      if (to === null) return { outcome: 'suppressed', cause: 'address', reason: unreachableReason(traits, channel) };
      return rendered<string>(rendering, channel, envelope, (content, links) =>
        handOver(providers, envelope, { to, content: content as JsonObject, links }, signal),
      );
    },
    async close() {
      await Promise.all(providers.map((provider) => provider.close()));
    },
  };
}

function addressOf({ address }: ChannelSpec, userId: string, traits: JsonObject): string | null {
  if (address.by !== 'trait') return userId;
  const value = getOwn(traits, address.trait);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

function providerOf(
  name: string,
  { deliver }: OwnChannelParts['own'],
  env: OwnChannelParts['env'],
): Provider<JsonObject> {
  return {
    name,
    async send({ confirm, ...message }, signal) {
      await confirm();
      const limit = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]);
      const { unsubscribe, app } = message.links;
      const handed = deliver({ ...message, links: { unsubscribe, app }, env, signal: limit });
      return Promise.race([handed.then((outcome) => handedOver(outcome, message.to)), untilAborted(limit)]);
    },
    close: async () => undefined,
  };
}

function handedOver(given: OwnOutcome, to: string): HandedOver {
  if (given.outcome === 'sent')
    return { delivery: { outcome: 'sent', providerId: given.id ?? null }, mayBeTaken: true };
  const { detail = '' } = given;
  if (given.outcome === 'retry') {
    const { code, afterMs } = given;
    return {
      delivery: { outcome: 'retry', code, detail, ...(afterMs !== undefined && { afterMs }) },
      mayBeTaken: false,
    };
  }
  const refused = { outcome: 'suppressed', cause: 'bounced', reason: 'bounced', detail } as const;
  return { delivery: { ...refused, ...(given.dead === true && { deadAddress: to }) }, mayBeTaken: false };
}

/** Code that ignores its signal must not keep a message for ever. */
function untilAborted(signal: AbortSignal): Promise<HandedOver> {
  const late = { outcome: 'retry', code: 'Timeout', detail: 'the code of the channel did not answer in time' } as const;
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve({ delivery: late, mayBeTaken: true }), { once: true });
  });
}
