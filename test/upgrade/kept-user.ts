import type { Definitions } from '../../engine/definitions/definitions';
import { readMemory, readRun, type StoredMemory, type StoredRun } from '../../engine/model/stored';
import type { MemoryUser } from '../../engine/testing/memory-host';
import type { Message, StageChange, UserEvent, UserState } from '../../engine/model/state';
import { StoredUser } from '../../engine/testing/properties/stored-user';
import { outcomeOf, type Outcome } from './outcome';

/** Everything that is stored of a user, as JSON. */
export interface Kept {
  readonly state: Omit<UserState, 'history' | 'memory' | 'runs'> & {
    readonly memory: StoredMemory | null;
    readonly runs: readonly StoredRun[];
  };
  readonly events: readonly UserEvent[];
  readonly wakeAt: number | null;
  readonly awaiting: readonly string[];
  readonly awaitingVersion: string;
  readonly messages: readonly Message[];
  readonly stageChanges: readonly StageChange[];
  /** In the order in which they ended. */
  readonly ended: readonly StoredRun[];
}

/** A stored user that can be written to a file and read by another release. */
export class KeptUser extends StoredUser {
  /** If false, calls get no answer. */
  answersCalls = true;

  constructor(person: MemoryUser, definitions: Definitions) {
    super(person, definitions, { pending: 'awaited', history: 'limited' });
  }

  /** A user that another release has stored. */
  static of(kept: Kept, person: MemoryUser, definitions: Definitions): KeptUser {
    const user = new KeptUser(person, definitions);
    const { memory, runs } = kept.state;
    user.state = { ...kept.state, memory: memory && readMemory(memory), runs: runs.map(readRun) };
    user.events = [...kept.events];
    user.wakeAt = kept.wakeAt;
    user.awaiting = kept.awaiting;
    user.awaitingVersion = kept.awaitingVersion;
    for (const message of kept.messages) user.messages.set(message.id, message);
    user.stageChanges.push(...kept.stageChanges);
    for (const run of kept.ended) user.ended.set(run.id, readRun(run));
    return user;
  }

  get kept(): Kept {
    const { state, events, wakeAt, awaiting, awaitingVersion, messages, stageChanges, ended } = this;
    const kept: Kept = {
      state,
      events,
      wakeAt,
      awaiting,
      awaitingVersion,
      messages: [...messages.values()],
      stageChanges,
      ended: [...ended.values()],
    };
    return JSON.parse(JSON.stringify(kept)) as Kept;
  }

  get result(): Outcome {
    const { messages, runs, stageChanges, state } = this;
    return outcomeOf({ messages: messages.values(), runs, stageChanges, memory: state.memory, traits: state.traits });
  }

  override async advance(now: number): Promise<void> {
    if (this.answersCalls) return super.advance(now);
    const { state } = await this.advanceOnce(now);
    if (state.history.until !== undefined) await this.advance(now);
  }

  /** Gives the user addresses for these channels. */
  reach(reachable: UserState['reach']['reachable']): void {
    this.state = { ...this.state, reach: { ...this.state.reach, reachable } };
  }
}
