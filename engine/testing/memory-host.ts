import { CALLED } from '../user/commands';
import { IDENTIFY, isDoneByUser } from '../model/activity';
import { advance, type Advanced } from '../advance/advance';
import type { Answer } from '../replay/calls';
import type { CallFailure } from '../replay/steps/call';
import type { Definitions } from '../definitions/definitions';
import { withEnded } from '../user/last-entry';
import { forgetAtOf, type Forget } from '../model/forget-at';
import { groupsIn, isSameGroup, joinGroup, type JoinedGroup } from '../model/group';
import { groupAmong, withGroup } from '../user/groups';
import { atHand } from './answer-questions';
import type { JsonObject } from '../model/json';
import { ACTIVE_RECEIPTS } from '../model/message-receipt';
import type { ChannelName, Decision, History, Message, Run, StageChange, UserEvent, UserState } from '../model/state';
import type { ChatChange } from '../model/chat-change';
import type { TopicAnswer } from '../model/topic-answer';
import type { TrackedEvent } from '../model/tracked';
import { changesOf, traitChangedBy } from '../model/trait-change';
import { isMetBy } from '../user/triggers';
import type { MemoryUser } from './memory-user';
import { seenCounts } from './seen-counts';
import { SuppressedAddresses } from './suppressed-addresses';

export type { MemoryUser } from './memory-user';

/**
 * Keeps one user in memory and advances them with the production engine, for the test kit and for simulation. The host
 * is never late: it wakes the user whenever the engine asked for it. Times are epoch milliseconds.
 */
export class MemoryHost {
  readonly messages = new Map<string, Message>();
  readonly decisions: Decision[] = [];
  readonly stageChanges: StageChange[] = [];
  readonly ended: Run[] = [];
  /** The events that journeys have tracked for this user and others, in order. Those for this user are received at once. */
  readonly tracked: TrackedEvent[] = [];
  /** What journeys have changed of conversations, in order. */
  readonly chats: ChatChange[] = [];
  /** Whether the user's own tracked events are received. A stored life has them among its events already. */
  receivesOwn = true;
  /** All people of the same test, this one included, who may belong to the same groups. Default: nobody else is known. */
  people: readonly MemoryHost[] | null = null;
  /** What is known of addresses, those of all people of the same test. */
  addresses = new SuppressedAddresses();
  state: UserState;
  /** When the engine asked to be woken; null for never. */
  wakeAt: number | null = null;
  private sequence = 0;
  /** What was learned of groups, whether the user belongs to them or not. */
  private told: readonly JoinedGroup[] = [];
  private readonly received = new Set<string>();

  constructor(
    user: MemoryUser,
    public definitions: Definitions,
  ) {
    const { id, traits, createdAt, reachable, consent = {}, topics, assignedAs } = user;
    this.state = {
      id,
      traits,
      createdAt,
      lastSeenAt: createdAt,
      reach: { reachable, consent, ...(topics && { topics }) },
      ...(assignedAs !== undefined && { assignedAs }),
      memory: null,
      runs: [],
      history: { events: [], names: null, since: createdAt, ended: {}, counts: {} },
    };
  }

  /** Makes an independent copy of the host in its present state. */
  fork(): MemoryHost {
    const { id, traits, createdAt, reach } = this.state;
    const copy = new MemoryHost({ id, traits, createdAt, reachable: reach.reachable }, this.definitions);
    for (const [key, message] of this.messages) copy.messages.set(key, message);
    copy.decisions.push(...this.decisions);
    copy.stageChanges.push(...this.stageChanges);
    copy.ended.push(...this.ended);
    copy.state = this.state;
    copy.tracked.push(...this.tracked);
    copy.chats.push(...this.chats);
    for (const id of this.received) copy.received.add(id);
    copy.receivesOwn = this.receivesOwn;
    copy.told = this.told;
    copy.addresses = this.addresses.copy();
    copy.wakeAt = this.wakeAt;
    copy.sequence = this.sequence;
    return copy;
  }

  /**
   * Receives an event and advances the user. If it says that a trait has changed, the trait changes.
   * @param now when the event is received
   * @param at when the event happened. Default: `now`
   * @param forget how long properties are kept. Default: as the definitions say
   */
  async receive(name: string, properties: JsonObject, now: number, at = now, forget?: Forget): Promise<void> {
    const trait = traitChangedBy(name);
    if (trait !== null) this.identify({ ...this.state.traits, [trait]: properties['to'] ?? null });
    await this.receiveAll([{ name, properties }], now, at, forget);
  }

  /** Receives a receipt of one of the user's messages, after what it says of their address, and advances the user. */
  async receiveReceipt(name: string, properties: JsonObject, now: number): Promise<void> {
    this.addresses.note(this.state, name, properties, now);
    const event = { id: String(++this.sequence), name, at: now, receivedAt: now, properties };
    await this.take([{ ...event, active: ACTIVE_RECEIPTS.has(name) }], now);
  }

  /** Receives traits as of an `identify`, and advances the user if journeys see it. */
  async receiveTraits(traits: JsonObject, now: number): Promise<void> {
    const { state, definitions } = this;
    const changes = changesOf(state.traits, traits, definitions.watchedTraits);
    const isEvent = state.memory !== null || isMetBy(definitions, traits);
    this.identify({ ...state.traits, ...traits });
    this.see(now);
    await this.receiveAll([...(isEvent ? [{ name: IDENTIFY, properties: traits }] : []), ...changes], now);
  }

  private async receiveAll(
    events: readonly Pick<UserEvent, 'name' | 'properties'>[],
    now: number,
    at = now,
    forget?: Forget,
  ): Promise<void> {
    if (events.length === 0) return;
    const received = events.map(({ name, properties }) => {
      const forgetAt = forgetAtOf(forget ?? this.definitions.forget.get(name), properties, now) ?? null;
      const event = { id: String(++this.sequence), name, at, receivedAt: now, properties, forgetAt };
      return traitChangedBy(name) === null ? event : { ...event, active: false };
    });
    await this.take(received, now);
  }

  /** Receives the events of one request, with their ids, and advances the user. */
  async take(events: readonly Omit<UserEvent, 'pending'>[], now: number): Promise<void> {
    for (const event of events.filter(isDoneByUser)) this.see(event.at);
    this.remember(events.map((event) => ({ ...event, pending: true })));
    await this.decide(now);
  }

  /** Keeps events. Those that are not pending wake nobody. */
  remember(events: readonly UserEvent[]): void {
    const { history } = this.state;
    this.state = { ...this.state, history: { ...history, events: [...history.events, ...events] } };
  }

  /** Receives an event that a journey has tracked for this user, once, and advances the user. */
  async accept({ id, name, at, properties, forgetAt: known }: TrackedEvent, now: number): Promise<void> {
    if (this.received.has(id)) return;
    this.received.add(id);
    const forgetAt = forgetAtOf(this.definitions.forget.get(name), properties, now, known ?? undefined) ?? null;
    const event = { id: String(++this.sequence), name, at: Math.min(at, now), receivedAt: now, properties, forgetAt };
    await this.take([{ ...event, active: false }], now);
  }

  /** Notes activity of the user that does not reach journeys. */
  see(at: number): void {
    this.state = { ...this.state, lastSeenAt: Math.max(this.state.lastSeenAt, at) };
  }

  /** Replaces the traits, and optionally the channels, as after an `identify`. */
  identify(traits: JsonObject, reachable = this.state.reach.reachable): void {
    this.state = { ...this.state, traits, reach: { ...this.state.reach, reachable } };
  }

  /** Notes what the user's `group` call says about a group. Everybody who belongs to it knows the same of it. */
  join(id: string, said: JsonObject): void {
    const known = [this, ...this.others].flatMap((host) => [...host.groups, ...host.told]);
    const groups = joinGroup(this.groups, known, id, said);
    this.state = { ...this.state, joined: groups };
    for (const other of this.others) other.hear(groups.at(-1));
  }

  /** Notes what somebody says about a group of whom nothing else is known. */
  learn(id: string, said: JsonObject): void {
    this.told = joinGroup(this.told, [...this.groups, ...this.told], id, said);
    this.hear(this.told.at(-1));
  }

  /** Knows the same of a group that the user belongs to. */
  private hear(latest: JoinedGroup | undefined): void {
    const joined = this.groups.map((one) => (latest && isSameGroup(latest, one) ? latest : one));
    this.state = { ...this.state, joined };
  }

  private get groups(): readonly JoinedGroup[] {
    return this.state.joined ?? groupsIn(this.state.traits);
  }

  private get others(): readonly MemoryHost[] {
    return (this.people ?? []).filter((host) => host !== this);
  }

  /** All runs; those that ended come first. */
  get runs(): readonly Run[] {
    return [...this.ended, ...this.state.runs];
  }

  /**
   * Lets time pass until `end`, and advances the user at every deadline on the way.
   * @param woke awaited after each advance, with its time
   */
  async passUntil(end: number, woke: (now: number) => Promise<void> = async () => undefined): Promise<void> {
    while (this.wakeAt !== null && this.wakeAt <= end) {
      const now = this.wakeAt;
      await this.decide(now);
      await woke(now);
    }
  }

  /** Advances the user at `now`, and keeps the result. */
  async decide(now: number): Promise<Advanced> {
    const { suppressed: _former, ...reach } = this.state.reach;
    this.state = { ...this.state, reach: { ...reach, ...this.addresses.of(this.state) } };
    const advanced = await this.advance(now);
    this.keep(advanced);
    for (const event of advanced.effects.tracked)
      if (this.receivesOwn && event.userId === this.state.id) await this.accept(event, now);
    return advanced;
  }

  /** Runs one advance with the whole history. */
  protected async advance(now: number): Promise<Advanced> {
    const counts = seenCounts(this.state.memory, this.definitions, this.state.history.events);
    let history: History = { ...this.state.history, counts };
    if (this.people) history = { ...history, groups: [] };
    for (;;) {
      const advanced = await advance({ ...this.state, history }, now, this.definitions);
      if (advanced.kind === 'advanced') return advanced;
      const { request } = advanced;
      if (request.kind !== 'group')
        throw new Error(`Expected the engine to find all history in memory, but it requested ${request.kind}.`);
      const others = this.others.map(({ state }) => atHand(state));
      const groups = withGroup(history.groups ?? [], groupAmong(atHand(this.state), others, request));
      history = { ...history, groups };
    }
  }

  /** Records the user's consent to a channel, or their refusal. */
  consent(channel: ChannelName, answer: boolean): void {
    const { reach } = this.state;
    if (answer) this.addresses.forget(this.state, channel);
    this.state = { ...this.state, reach: { ...reach, consent: { ...reach.consent, [channel]: answer } } };
  }

  /** Records what the user has answered about a topic. */
  answerTopic(topic: string, answer: TopicAnswer): void {
    const { reach } = this.state;
    this.state = { ...this.state, reach: { ...reach, topics: { ...reach.topics, [topic]: answer } } };
  }

  /** Delivers the answer of a call, as the activity on the server does. */
  async answerCall(run: string, step: string, answer: Answer, now: number): Promise<void> {
    await this.receive(CALLED, { run, step, ...answer }, now);
  }

  /** Delivers the news that a call has failed as often as it may. */
  async failCall(run: string, step: string, failed: CallFailure, now: number): Promise<void> {
    await this.receive(CALLED, { run, step, result: null, failed: { ...failed } }, now);
  }

  /** Applies the result of an advance, as the store does. */
  protected keep({ state, effects, changedRuns, decisions, wakeAt }: Advanced): void {
    for (const message of effects.messages) this.messages.set(message.id, message);
    this.withdraw(({ runId }) => effects.cancelledRuns.includes(runId), 'left the journey');
    this.withdraw(({ id }) => effects.cancelledMessages.includes(id), 'removed from the journey');
    this.tracked.push(...effects.tracked);
    this.chats.push(...effects.chats);
    this.stageChanges.push(...effects.stageChanges);
    this.decisions.push(...decisions);
    const ended = changedRuns.filter(({ endedAt }) => endedAt !== null);
    this.ended.push(...ended);
    this.state = { ...state, history: { ...state.history, ended: withEnded(state.history.ended, ended) } };
    this.wakeAt = wakeAt;
  }

  /** Withdraws undelivered messages. Only held ones can be: a queued message is delivered at once here. */
  private withdraw(isWithdrawn: (message: Message) => boolean, reason: string): void {
    for (const message of this.messages.values()) {
      if (message.status === 'held' && isWithdrawn(message))
        this.messages.set(message.id, { ...message, status: 'suppressed', reason });
    }
  }
}
