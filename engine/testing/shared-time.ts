import type { Journey } from '../authoring/journey';
import type { ChatChange } from '../model/chat-change';
import type { MemoryHost } from './memory-host';
import { SuppressedAddresses } from './suppressed-addresses';
import type { TravellerOptions } from './traveller-options';

/** A person who shares virtual time with others. */
export interface Inhabitant {
  readonly id: string;
  /** Their memory, which begins when it is first opened. */
  openHost(): Promise<MemoryHost>;
  /**
   * Makes their open calls, and renders what they got.
   * @returns when the next of the calls that are under way answers, epoch milliseconds; null when none is
   */
  catchUp(host: MemoryHost): Promise<number | null>;
  /** Replaces their journeys, with stand-ins for calls that come with them. */
  takeOver(journeys: readonly Journey[], calls: TravellerOptions['calls']): Promise<void>;
}

/**
 * The virtual time of the people of one test. Whatever is due happens in the order of time, whoever it is due for, and an event
 * that a journey tracks for another of them reaches them at once.
 */
export class SharedTime {
  private readonly people: Inhabitant[] = [];
  /** The memories that are open. */
  private readonly hosts: MemoryHost[] = [];
  /** What is known of addresses, whoever has them. */
  private readonly addresses = new SuppressedAddresses();
  /** How many of each person's tracked events have been handed over. */
  private readonly handedOver = new Map<Inhabitant, number>();
  /** What the journeys of all people have changed of conversations, in order. */
  readonly chats: ChatChange[] = [];
  /** How many of each person's changes of conversations are among them. */
  private readonly chatsTaken = new Map<Inhabitant, number>();
  /** When the next call of each person answers, epoch milliseconds. */
  private readonly answersAt = new Map<Inhabitant, number | null>();
  private hasBegun = false;

  /** @param now the present, epoch milliseconds */
  constructor(public now: number) {}

  /** @throws {Error} when somebody has the same id */
  join(person: Inhabitant): void {
    if (this.people.some(({ id }) => id === person.id))
      throw new Error(`Two travellers have the id '${person.id}'. Expected an id of their own for each.`);
    this.people.push(person);
  }

  /** From now on the others may know who belongs to the groups of this one, and what became of their addresses. */
  introduce(host: MemoryHost): void {
    this.hosts.push(host);
    host.people = this.hosts;
    host.addresses = this.addresses;
  }

  /** Answers calls and hands over events until nothing is open. */
  async settle(): Promise<void> {
    for (let handed = true; handed;) {
      handed = false;
      for (const person of this.people) {
        const host = await person.openHost();
        this.answersAt.set(person, await person.catchUp(host));
        this.takeChats(person, host);
        if (await this.handOver(person, host)) handed = true;
      }
    }
    this.hasBegun = true;
  }

  /** Replaces the journeys of everyone. */
  async deploy(journeys: readonly Journey[], calls: TravellerOptions['calls']): Promise<void> {
    for (const person of this.people) await person.takeOver(journeys, calls);
    await this.settle();
  }

  /**
   * Lets time pass.
   * @param end epoch milliseconds
   */
  async passTo(end: number): Promise<void> {
    if (!this.hasBegun) await this.settle();
    const settleAt = async (now: number): Promise<void> => {
      this.now = Math.max(this.now, now);
      await this.settle();
    };
    for (let next = await this.nextWake(); next && next.at <= end; next = await this.nextWake()) {
      const { host, at } = next;
      if (host.wakeAt === at) await host.passUntil(at, settleAt);
      else await settleAt(at);
    }
    this.now = end;
  }

  private takeChats(person: Inhabitant, { chats }: MemoryHost): void {
    this.chats.push(...chats.slice(this.chatsTaken.get(person) ?? 0));
    this.chatsTaken.set(person, chats.length);
  }

  /** Returns whether there was an event for another of the people. Events for anybody else reach nobody. */
  private async handOver(person: Inhabitant, { tracked }: MemoryHost): Promise<boolean> {
    const events = tracked.slice(this.handedOver.get(person) ?? 0);
    this.handedOver.set(person, tracked.length);
    let handed = false;
    for (const event of events) {
      const other = this.people.find(({ id }) => id === event.userId && id !== person.id);
      if (!other) continue;
      const host = await other.openHost();
      await host.accept(event, this.now);
      handed = true;
    }
    return handed;
  }

  /** The next person who is woken or answered, and when. If several are due at once, it is the first of them in the list. */
  private async nextWake(): Promise<{ readonly host: MemoryHost; readonly at: number } | null> {
    let next: { readonly host: MemoryHost; readonly at: number } | null = null;
    for (const person of this.people) {
      const host = await person.openHost();
      const at = Math.min(host.wakeAt ?? Infinity, this.answersAt.get(person) ?? Infinity);
      if (at < (next?.at ?? Infinity)) next = { host, at };
    }
    return next;
  }
}
