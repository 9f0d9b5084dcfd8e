import { CALLED } from '../user/commands';
import { isDoneByUser } from '../model/activity';
import { advance, type Advanced } from '../advance/advance';
import type { Answer } from '../replay/calls';
import type { Definitions } from '../definitions/definitions';
import { endedKey } from '../user/entry';
import type { JsonObject } from '../model/json';

import { getOwn } from '../model/own-property';

import type { ChannelName, Decision, History, Message, Run, StageChange, UserEvent, UserState } from '../model/state';
import { countedNames } from '../user/triggers';

/** How a simulated user begins. */
export interface MemoryUser {
  readonly id: string;
  readonly traits: JsonObject;
  readonly reachable: readonly ChannelName[];
  readonly consent?: Partial<Record<ChannelName, boolean>>;
  readonly createdAt: number;
}

/**
 * One user kept in memory and advanced by the same engine as on the server: for the test kit and for simulation. It is
 * never late: between two moments it wakes whenever the engine asked for it.
 */
export class MemoryHost {
  readonly messages = new Map<string, Message>();
  readonly decisions: Decision[] = [];
  readonly stageChanges: StageChange[] = [];
  readonly ended: Run[] = [];
  state: UserState;
  wakeAt: number | null = null;
  private sequence = 0;

  constructor(
    user: MemoryUser,
    public definitions: Definitions,
  ) {
    const { id, traits, createdAt, reachable, consent = {} } = user;
    this.state = {
      id,
      traits,
      createdAt,
      lastSeenAt: createdAt,
      reach: { reachable, consent },
      memory: null,
      runs: [],
      history: { events: [], names: null, since: createdAt, ended: {}, counts: {} },
    };
  }

  /** Another host in the same state: what either lives through from here on does not concern the other. */
  fork(): MemoryHost {
    const { id, traits, createdAt, reach } = this.state;
    const copy = new MemoryHost({ id, traits, createdAt, reachable: reach.reachable }, this.definitions);
    for (const [key, message] of this.messages) copy.messages.set(key, message);
    copy.decisions.push(...this.decisions);
    copy.stageChanges.push(...this.stageChanges);
    copy.ended.push(...this.ended);
    copy.state = this.state;
    copy.wakeAt = this.wakeAt;
    copy.sequence = this.sequence;
    return copy;
  }

  /** Receives an event at a moment, `at` being when it happened, and decides what follows. */
  async receive(name: string, properties: JsonObject, now: number, at = now): Promise<void> {
    await this.take([{ id: String(++this.sequence), name, at, receivedAt: now, properties }], now);
  }

  /** Receives what came in one request at this moment, each event with an id already, and decides what follows. */
  async take(events: readonly Omit<UserEvent, 'pending'>[], now: number): Promise<void> {
    for (const event of events.filter(isDoneByUser)) this.see(event.at);
    const { history } = this.state;
    const pending = events.map((event) => ({ ...event, pending: true }));
    this.state = { ...this.state, history: { ...history, events: [...history.events, ...pending] } };
    await this.decide(now);
  }

  /** The person was there, by something no journey is told of. */
  see(at: number): void {
    this.state = { ...this.state, lastSeenAt: Math.max(this.state.lastSeenAt, at) };
  }

  /** Traits change, and with them perhaps the channels, as by an `identify`. */
  identify(traits: JsonObject, reachable = this.state.reach.reachable): void {
    this.state = { ...this.state, traits, reach: { ...this.state.reach, reachable } };
  }

  /** Every run there was, those that ended first. */
  get runs(): readonly Run[] {
    return [...this.ended, ...this.state.runs];
  }

  /**
   * Lets time pass until `end`, waking at every deadline on the way.
   * @param woke is awaited after each, with its time
   */
  async passUntil(end: number, woke: (now: number) => Promise<void> = async () => undefined): Promise<void> {
    while (this.wakeAt !== null && this.wakeAt <= end) {
      const now = this.wakeAt;
      await this.decide(now);
      await woke(now);
    }
  }

  /** Decides everything that is due at `now`. */
  async decide(now: number): Promise<Advanced> {
    const advanced = await this.advance(now);
    this.keep(advanced);
    return advanced;
  }

  /** Asks the engine, which is given all there is. */
  protected async advance(now: number): Promise<Advanced> {
    const { history } = this.state;
    const counts = this.countSeen(history.events);
    const advanced = await advance({ ...this.state, history: { ...history, counts } }, now, this.definitions);
    if (advanced.kind === 'missing history')
      throw new Error(`The engine asks for ${advanced.request.kind} although all is in memory.`);
    return advanced;
  }

  /** The person answers whether they agree to a channel. */
  consent(channel: ChannelName, answer: boolean): void {
    const { reach } = this.state;
    this.state = { ...this.state, reach: { ...reach, consent: { ...reach.consent, [channel]: answer } } };
  }

  /** Gives the answer of a call, as the activity on the server would. */
  async answerCall(run: string, step: string, answer: Answer, now: number): Promise<void> {
    await this.receive(CALLED, { run, step, ...answer }, now);
  }

  /** How many events came of those that a milestone has only begun to count, or that other definitions counted last. */
  protected countSeen(events: readonly UserEvent[]): History['counts'] {
    const { counts = {}, version } = this.state.memory ?? {};
    const counted = version === this.definitions.version ? counts : {};
    const names = countedNames(this.definitions.journeys).filter((name) => getOwn(counted, name) === undefined);
    return Object.fromEntries(
      names.map((name) => [name, events.filter((event) => event.name === name && !event.pending).length]),
    );
  }

  protected keep({ state, effects, changedRuns, decisions, wakeAt }: Advanced): void {
    for (const message of effects.messages) this.messages.set(message.id, message);
    this.withdraw(({ runId }) => effects.cancelledRuns.includes(runId), 'left the journey');
    this.withdraw(({ id }) => effects.cancelledMessages.includes(id), 'removed from the journey');
    this.stageChanges.push(...effects.stageChanges);
    this.decisions.push(...decisions);
    const ended = changedRuns.filter(({ endedAt }) => endedAt !== null);
    this.ended.push(...ended);
    const keys = Object.fromEntries(
      ended.flatMap((run) => (run.key === null ? [] : [[endedKey(run.journey, run.key), run.enteredAt]])),
    );
    this.state = { ...state, history: { ...state.history, ended: { ...state.history.ended, ...keys } } };
    this.wakeAt = wakeAt;
  }

  /** What is left behind undelivered is not sent any more; whatever was queued went out at once here. */
  private withdraw(concerned: (message: Message) => boolean, reason: string): void {
    for (const message of this.messages.values()) {
      if (message.status === 'held' && concerned(message))
        this.messages.set(message.id, { ...message, status: 'suppressed', reason });
    }
  }
}
