import type { PushDevices, PushService, StoredDevice } from '../../store/push-devices';
import type { DeviceMessage } from '../providers/device-message';
import type { Provider } from '../providers/provider';
import type { PushContent } from '../templates/push-content';
import { fromContext } from '../../engine/model/zone';
import type { Channel, Delivery, Envelope } from './channel';
import { handOver } from './hand-over';
import { rendered, type Rendering } from './rendered';

/** Options of the channel for push messages to apps. */
export interface PushOptions extends Rendering {
  /** The providers of each service. */
  readonly providers: Readonly<Record<PushService, readonly Provider<DeviceMessage>[]>>;
  /** Providers that know a person's devices by the id of the user. They get what no registered device can. */
  readonly byUserId: readonly Provider<PushContent>[];
  readonly devices: Pick<PushDevices, 'list' | 'remove'>;
  /** Whether all of a person's devices get a message, or only the one that the app was last opened on. */
  readonly sendTo: 'all' | 'last seen';
}

/**
 * Creates the channel for push messages to apps. Devices whose service does not know their token any more are removed. The message
 * counts as sent when one device's service accepted it: a retry for another device would show it twice.
 */
export function pushChannel({ providers, byUserId, devices, sendTo, ...rendering }: PushOptions): Channel {
  async function send(device: StoredDevice, envelope: Envelope, signal: AbortSignal): Promise<Delivery> {
    const { service, token: to, platform, app } = device;
    const delivery = await rendered(rendering, 'push', inLanguageOf(device, envelope), (content, links) =>
      handOver(providers[service], envelope, { to, content: { content, platform, app }, links }, signal),
    );
    // What is not removed must not repeat the push. The next message finds out again.
    if (isDead(delivery)) await devices.remove(device).catch(() => undefined);
    return delivery;
  }

  return {
    name: 'push',
    async deliver(envelope, signal) {
      const stored = await devices.list(envelope.user.id);
      const targets = stored.filter(({ service }) => providers[service].length > 0);
      if (targets.length === 0 && byUserId.length > 0)
        return rendered(rendering, 'push', envelope, (content, links) =>
          handOver(byUserId, envelope, { to: envelope.user.id, content, links }, signal),
        );
      if (targets.length === 0) return NO_DEVICE;
      const one = (device: StoredDevice): Promise<Delivery> => send(device, envelope, signal);
      if (sendTo === 'all') return summed(await Promise.allSettled(targets.map(one)));
      for (const device of targets) {
        const delivery = await one(device);
        if (!isDead(delivery)) return delivery;
      }
      return NO_DEVICE;
    },
    async close() {
      await Promise.all([...Object.values(providers).flat(), ...byUserId].map((provider) => provider.close()));
    },
  };
}

const NO_DEVICE: Delivery = { outcome: 'suppressed', cause: 'subscription', reason: 'no device' };

/** The message as its template sees the person on one of their devices: without a trait `locale`, they speak its language. */
function inLanguageOf({ locale }: StoredDevice, envelope: Envelope): Envelope {
  if (locale === null) return envelope;
  const { user } = envelope;
  const told = { ...fromContext(user.traits), locale };
  return { ...envelope, user: { ...user, traits: { ...user.traits, fromContext: told } } };
}

/** Whether a service does not know the device any more. */
function isDead(delivery: Delivery): boolean {
  return delivery.outcome === 'suppressed' && delivery.deadAddress !== undefined;
}

/**
 * Combines the outcomes of a person's devices.
 * @throws why the message was withheld from a device, unless another one got it before
 */
function summed(settled: readonly PromiseSettledResult<Delivery>[]): Delivery {
  const outcomes = settled.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
  const sent = outcomes.find(({ outcome }) => outcome === 'sent');
  if (sent) return sent;
  for (const one of settled) if (one.status === 'rejected') throw one.reason;
  const retries = outcomes.filter((one) => one.outcome === 'retry');
  const [retry] = retries;
  if (retry) {
    const afterMs = Math.max(...retries.map((one) => one.afterMs ?? 0));
    return { ...retry, ...(afterMs > 0 && { afterMs }) };
  }
  return outcomes.find((one) => !isDead(one)) ?? NO_DEVICE;
}
