import type { Consent } from '../model/consent';
import type { Preferences } from '../model/topic-answer';
import { forgetInMessage, forgetInRun } from '../model/forgetting';
import type { Json, JsonObject } from '../model/json';
import type { Decision, Message, Run, StepRecord } from '../model/state';
import type { TrackedEvent } from '../model/tracked';
import { conversationsOf, type Conversation } from './conversations';
import type { MemoryHost } from './memory-host';
import type { SharedTime } from './shared-time';

/** What a test can read of a person in virtual time, as far as nothing has to be rendered for it. */
export class Observed {
  /** Null until something has happened to the person. */
  protected host: MemoryHost | null = null;

  protected constructor(
    protected readonly id: string,
    protected readonly time: SharedTime,
  ) {}

  /** The present virtual time, epoch milliseconds. */
  get now(): number {
    return this.time.now;
  }

  /** Messages that went out, in order. */
  get messages(): readonly Message[] {
    return this.byStatus('queued');
  }

  /** Messages that were not sent, each with a reason. */
  get suppressed(): readonly Message[] {
    return this.byStatus('suppressed');
  }

  /** Messages that are held: until quiet hours end, an address arrives, or the caps have room. */
  get held(): readonly Message[] {
    return this.byStatus('held');
  }

  /** The events that journeys have tracked for others and for the person, in order. The person's own have arrived. */
  get tracked(): readonly TrackedEvent[] {
    return this.host?.tracked ?? [];
  }

  /** The conversations that journeys have opened with the person, and whether they are still open. */
  get chats(): readonly Conversation[] {
    return conversationsOf(this.id, this.time.chats);
  }

  /** All runs; those that ended come first. */
  get runs(): readonly Run[] {
    return (this.host?.runs ?? []).map((run) => forgetInRun(run, this.now));
  }

  /** The step records of the last open run; if none is open, of the run that ended last. */
  get journal(): readonly StepRecord[] {
    return this.runs.at(-1)?.journal ?? [];
  }

  /** All decisions, in order. */
  get decisions(): readonly Decision[] {
    return this.host?.decisions ?? [];
  }

  /** The person's stage; '' before the first event. */
  get stage(): string {
    return this.host?.state.memory?.stage ?? '';
  }

  /** The points, badges and flags that journeys gave the person, their traits, and their explicit answers about consent and topics. */
  get profile(): {
    readonly points: number;
    readonly badges: readonly string[];
    readonly flags: Readonly<Record<string, Json>>;
    readonly traits: JsonObject;
    readonly consent: Consent;
    readonly topics: Preferences;
  } {
    const { memory, traits = {}, reach } = this.host?.state ?? {};
    const { points = 0, badges = [], flags = {} } = memory ?? {};
    return { points, badges, flags, traits, consent: reach?.consent ?? {}, topics: reach?.topics ?? {} };
  }

  private byStatus(status: Message['status']): Message[] {
    return [...(this.host?.messages.values() ?? [])]
      .filter((message) => message.status === status)
      .map((message) => forgetInMessage(message, this.now))
      .sort((a, b) => a.decidedAt - b.decidedAt);
  }
}
