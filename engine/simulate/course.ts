import type { Advanced } from '../advance/advance';
import type { MemoryHost } from '../testing/memory-host';
import type { Call, Message } from '../model/state';

/** A person's reaction to a message, or that it came back. */
export interface Reacted {
  readonly message: Message;
  readonly what: 'opened' | 'clicked' | 'opted out' | 'bounced';
}

/** A simulated life, and the period in which it is known. Times are epoch milliseconds. */
export interface SimulatedLife {
  readonly host: Pick<MemoryHost, 'runs' | 'messages' | 'state' | 'definitions'>;
  readonly since: number;
  readonly until: number;
  /** Messages in the state in which they were held. */
  readonly held: readonly Message[];
  readonly reactions: readonly Reacted[];
}

/** Records what the state at the end of a life no longer shows. */
export class Course {
  /** Calls that are not answered yet. */
  calls: readonly Call[] = [];
  private readonly held: Message[] = [];
  private readonly reactions: Reacted[] = [];
  private sent: Message[] = [];

  /** Records an advance. */
  note({ effects: { messages, calls } }: Advanced): void {
    this.calls = calls;
    for (const message of messages) {
      if (message.status === 'held') this.held.push(message);
      if (message.status === 'queued') this.sent.push(message);
    }
  }

  /** Records a reaction. */
  react(message: Message, what: Reacted['what']): void {
    this.reactions.push({ message, what });
  }

  /** Returns the messages sent since the last call. */
  takeSent(): readonly Message[] {
    const { sent } = this;
    this.sent = [];
    return sent;
  }

  /** Returns the life, with everything recorded. */
  life(host: SimulatedLife['host'], period: Pick<SimulatedLife, 'since' | 'until'>): SimulatedLife {
    const { held, reactions } = this;
    return { host, held, reactions, ...period };
  }
}
