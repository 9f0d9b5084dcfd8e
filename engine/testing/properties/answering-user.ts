import { eventsOfAnswer, type Consent } from '../../model/consent';
import type { ChannelName } from '../../model/state';
import { StoredUser } from './stored-user';

/** A stored user who answers about consent, as by the API. */
export class AnsweringUser extends StoredUser {
  get consent(): Consent {
    return this.state.reach.consent;
  }

  /** The user agrees to a channel or opts out of it, without being advanced. Returns whether that would cause an advance. */
  answerConsent(channel: ChannelName, agrees: boolean, now: number): boolean {
    const { reach } = this.state;
    this.state = { ...this.state, reach: { ...reach, consent: { ...reach.consent, [channel]: agrees } } };
    const isPending = eventsOfAnswer(reach.consent, channel, agrees).map((name) => {
      const id = String(1_000_000 + this.events.length);
      const event = { id, name, at: now, receivedAt: now, properties: { channel }, active: false };
      const pending = this.keeping.pending === 'all' || this.awaits(event);
      this.events.push(Object.freeze({ ...event, pending }));
      return pending;
    });
    return isPending.includes(true);
  }
}
