import { addressTrait, CHANNELS } from '../model/channels';
import type { JsonObject } from '../model/json';
import { RECEIPTS } from '../model/message-receipt';
import { getOwn } from '../model/own-property';
import { SOFT_BOUNCES } from '../model/soft-bounces';
import type { Reach, Suppression, UserState } from '../model/state';

/** Somebody with addresses. Who has none in their traits is reached by one that nobody else has. */
type Holder = Pick<UserState, 'id' | 'traits'>;

/** A bounce that may be of passing cause. */
interface SoftBounce {
  /** The user who got the message. */
  readonly of: string;
  readonly at: number;
}

/**
 * What receipts have told of addresses, whoever has them, by the rules of the store: a bounce for good and a complaint suppress the address
 * of the channel, and so do several soft bounces in a row.
 */
export class SuppressedAddresses {
  private readonly causes = new Map<string, readonly Suppression[]>();
  private readonly soft = new Map<string, readonly SoftBounce[]>();
  /** Receipts that came before: one that comes again changes nothing. */
  private known = new Set<string>();

  /** Makes an independent copy. */
  copy(): SuppressedAddresses {
    const copy = new SuppressedAddresses();
    for (const [address, causes] of this.causes) copy.causes.set(address, causes);
    for (const [address, bounces] of this.soft) copy.soft.set(address, bounces);
    copy.known = new Set(this.known);
    return copy;
  }

  /**
   * Notes what a receipt tells of the address that the person has now.
   * @param name the name of its event
   * @param at epoch milliseconds
   */
  note(holder: Holder, name: string, { channel, message, permanent }: JsonObject, at: number): void {
    const address = typeof channel === 'string' ? keyOf(holder, channel) : null;
    if (address === null) return;
    const receipt = JSON.stringify([name, message, permanent]);
    if (this.known.has(receipt)) return;
    this.known.add(receipt);
    const soft = this.soft.get(address) ?? [];
    const { id } = holder;
    if (name === RECEIPTS.delivered)
      this.soft.set(
        address,
        soft.filter(({ of }) => of !== id),
      );
    if (name === RECEIPTS.complained) this.suppress(address, 'complained');
    if (name !== RECEIPTS.bounced) return;
    if (permanent === true) return this.suppress(address, 'bounced');
    const bounces = [...soft.filter((one) => one.at > at - SOFT_BOUNCES.withinMs), { of: id, at }];
    this.soft.set(address, bounces);
    if (bounces.length >= SOFT_BOUNCES.count) this.suppress(address, 'bounced');
  }

  /** Forgets what is known of a person's address: they have agreed to the channel. */
  forget(holder: Holder, channel: string): void {
    const address = keyOf(holder, channel);
    if (address !== null) this.causes.delete(address);
  }

  /** What is known of a person's addresses. */
  of(holder: Holder): Pick<Reach, 'suppressed'> {
    if (this.causes.size === 0) return {};
    const known = CHANNELS.flatMap((channel) => {
      const causes = this.causes.get(keyOf(holder, channel) ?? '');
      return causes ? [[channel, causes] as const] : [];
    });
    return known.length === 0 ? {} : { suppressed: Object.fromEntries(known) };
  }

  private suppress(address: string, cause: Suppression): void {
    this.causes.set(address, [...new Set([...(this.causes.get(address) ?? []), cause])].sort());
  }
}

/** A channel and the address of a person on it; null if addresses of the channel are not suppressed. */
function keyOf({ id, traits }: Holder, channel: string): string | null {
  const trait = addressTrait(channel);
  if (trait === null) return null;
  const address = getOwn(traits, trait);
  return JSON.stringify(typeof address === 'string' ? [channel, normalized(trait, address)] : [channel, { of: id }]);
}

/** Addresses are compared without blanks around them and in lower case, numbers by their digits. */
function normalized(trait: string, address: string): string {
  return trait === 'phone' ? address.replace(/[^0-9+]/g, '') : address.trim().toLowerCase();
}
