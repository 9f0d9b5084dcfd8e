import type { Advanced } from '../advance/advance';
import type { MemoryHost } from '../testing/memory-host';
import type { Call, Message } from '../model/state';

/** What somebody did about a message. */
export interface Reacted {
  readonly message: Message;
  readonly what: 'opened' | 'clicked' | 'opted out';
}

/** A life that was lived, and the part of it that is known. Epoch milliseconds. */
export interface SimulatedLife {
  readonly host: Pick<MemoryHost, 'runs' | 'messages' | 'state' | 'definitions'>;
  readonly since: number;
  readonly until: number;
  /** Messages as they were when they were held. */
  readonly held: readonly Message[];
  readonly reactions: readonly Reacted[];
}

/** Takes down, while somebody lives, what can't be told from their end. */
export class Course {
  /** Calls not answered yet. */
  calls: readonly Call[] = [];
  private readonly held: Message[] = [];
  private readonly reactions: Reacted[] = [];
  private sent: Message[] = [];

  note({ effects: { messages, calls } }: Advanced): void {
    this.calls = calls;
    for (const message of messages) {
      if (message.status === 'held') this.held.push(message);
      if (message.status === 'queued') this.sent.push(message);
    }
  }

  react(message: Message, what: Reacted['what']): void {
    this.reactions.push({ message, what });
  }

  /** The messages that went out since this was last asked. */
  takeSent(): readonly Message[] {
    const { sent } = this;
    this.sent = [];
    return sent;
  }

  lived(host: SimulatedLife['host'], period: Pick<SimulatedLife, 'since' | 'until'>): SimulatedLife {
    const { held, reactions } = this;
    return { host, held, reactions, ...period };
  }
}
