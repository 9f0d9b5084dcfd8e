import { CALLED } from '../../user/commands';
import { advance, type Advanced } from '../../advance/advance';
import type { Definitions } from '../../definitions/definitions';
import { endedKey, withEnded } from '../../user/last-entry';
import { earliestAt } from '../../model/coarse-time';

import { answerQuestion } from '../answer-questions';
import type { MemoryUser } from '../memory-host';
import type { Call, History, Message, HistoryRequest, Run, StageChange, UserEvent, UserState } from '../../model/state';
import type { ChatChange } from '../../model/chat-change';
import type { TrackedEvent } from '../../model/tracked';

import { seenCounts } from '../seen-counts';
import { ingestAwaits, profileAfter } from './ingest-awaits';
import type { Deed } from './random-life';
import { keepOnce, refuseChanges, refuseRepeats } from './repeats';

/** Which parts of the server a stored user imitates. */
export interface Keeping {
  /**
   * `awaited`: an event is pending if the engine awaits it, or while the engine has something to decide.
   * `awaited strictly`: an event is pending only if the engine awaits it. `all`: every event is pending.
   */
  readonly pending: 'all' | 'awaited' | 'awaited strictly';
  /** `limited`: the engine gets only what the store loads first, and makes history requests for the rest. */
  readonly history: 'complete' | 'limited';
  /** Does ingest know the filters that are data? Default: yes. */
  readonly narrows?: boolean;
  /** The most pending events that one advance gets. Default: all. */
  readonly atOnce?: number;
}

/** The value in the form in which a database returns it. */
function stored<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}

/**
 * Keeps a user the way the server does. The state is JSON between any two advances, most events cause no advance, and
 * the history is limited. It throws when an invariant is broken: when a message is queued twice, even under another
 * step's name, when an event is tracked or a conversation changed twice, or when a recorded outcome changes. Times are epoch milliseconds.
 */
export class StoredUser {
  readonly messages = new Map<string, Message>();
  /** The held messages that an edit took back. One is sent after all if another edit brings its step back. */
  private readonly takenBack = new Set<string>();
  readonly tracked = new Map<string, TrackedEvent>();
  readonly chats = new Map<string, ChatChange>();
  readonly stageChanges: StageChange[] = [];
  readonly ended = new Map<string, Run>();
  wakeAt: number | null = null;
  awaiting: readonly string[] = [];
  private awaitingExactly: readonly string[] | null = null;
  advances = 0;
  state: Omit<UserState, 'history'>;
  protected events: UserEvent[] = [];
  protected awaitingVersion = '';

  constructor(
    user: MemoryUser,
    public definitions: Definitions,
    protected readonly keeping: Keeping,
  ) {
    const { id, traits, createdAt, reachable, consent = {} } = user;
    const reach = { reachable, consent };
    this.state = { id, traits, createdAt, lastSeenAt: createdAt, reach, memory: null, runs: [] };
  }

  get runs(): readonly Run[] {
    return [...this.ended.values(), ...this.state.runs];
  }

  /** The part of the state that must not depend on when, or how often, the engine advanced the user. */
  get outcome(): object {
    const { memory, traits, runs } = this.state;
    const byId = [...this.ended.values(), ...runs].sort((a, b) => (a.id < b.id ? -1 : 1));
    const { stage, stageSince, sent, points, badges, entries, refused } = memory ?? {};
    return {
      runs: byId.map(({ consumed, ...run }) => ({ ...run, consumed: [...consumed].sort() })),
      messages: [...this.messages.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
      tracked: [...this.tracked.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
      chats: [...this.chats.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
      stageChanges: this.stageChanges,
      memory: { stage, stageSince, sent, points, badges, entries, refused },
      traits,
      wakeAt: this.wakeAt,
      awaiting: this.awaiting,
    };
  }

  /**
   * Receives an event without advancing the user.
   * @returns whether the event would cause an advance
   */
  store(event: Deed): boolean {
    if (this.events.some(({ id }) => id === event.id)) return false;
    const pending = this.keeping.pending === 'all' || this.awaits(event);
    this.events.push(Object.freeze({ ...event, pending }));
    this.state = { ...this.state, ...profileAfter(this.state, event) };
    return pending;
  }

  /** Keeps events that are not pending. */
  remember(events: readonly UserEvent[]): void {
    this.events.push(...events);
  }

  /** Receives an internal event. */
  storeInternal(id: string, name: string, at: number): void {
    this.events.push({ id, name, at, receivedAt: at, properties: {}, pending: true });
    this.awaitingVersion = '';
  }

  /** Receives an event, and advances the user if it matters. */
  async receive(event: Deed): Promise<void> {
    if (this.store(event)) await this.advance(event.receivedAt);
  }

  /** Lets time pass until `end`, and advances the user whenever the engine asked for it. */
  async passUntil(end: number): Promise<void> {
    while (this.wakeAt !== null && this.wakeAt <= end) await this.advance(this.wakeAt);
  }

  /** Runs an advance at `now` without keeping its result. */
  async peek(
    now: number,
    definitions: Definitions,
  ): Promise<{ readonly before: UserState; readonly advanced: Advanced }> {
    const before = { ...this.state, history: this.load([], Number.MAX_SAFE_INTEGER, {}) };
    return { before, advanced: await this.decide(now, definitions) };
  }

  /** Runs one advance at wall time `now`. Calls are not answered. */
  async advanceOnce(now: number): Promise<Advanced> {
    return this.keep(await this.decide(now), now);
  }

  /** Runs an advance at wall time `now`, answers the calls it asks for, and goes on until nothing is left to decide. */
  async advance(now: number): Promise<void> {
    const { effects, state } = await this.advanceOnce(now);
    for (const call of effects.calls) this.answerCall(call, now);
    if (effects.calls.length > 0 || state.history.until !== undefined) await this.advance(now);
  }

  /** Receives the answer of a call. Only the first answer counts. */
  answerCall({ runId, step }: Call, now: number): void {
    const id = `${runId}/${step}`;
    if (this.events.some((event) => event.id === id)) return;
    const properties = { run: runId, step, result: 'called' };
    this.events.push({ id, name: CALLED, at: now, receivedAt: now, properties, pending: true });
  }

  /**
   * Does the event matter? The awaited names are valid until the engine has something to decide; then any event may
   * matter.
   */
  protected awaits(event: Deed): boolean {
    const { awaiting, awaitingExactly, definitions, keeping, state, wakeAt } = this;
    const isUnsettled = (wakeAt !== null && wakeAt <= event.receivedAt) || this.events.some(({ pending }) => pending);
    const isStale = this.awaitingVersion !== definitions.version || (isUnsettled && keeping.pending === 'awaited');
    return ingestAwaits(event, definitions, { ...state, awaiting, awaitingExactly, isStale }, keeping.narrows);
  }

  private async decide(now: number, definitions = this.definitions): Promise<Advanced> {
    this.advances++;
    const before = JSON.stringify(this.state);
    let history = this.load([], Number.MAX_SAFE_INTEGER, {});
    for (let asked = 0; asked < 20; asked++) {
      // The engine must not rely on the order of the runs.
      const state = { ...this.state, runs: [...this.state.runs].reverse(), history };
      const advanced = await advance(state, now, definitions);
      if (JSON.stringify(this.state) !== before) throw new Error('Expected the engine not to change the given state.');
      if (advanced.kind === 'advanced') return advanced;
      history = this.answer(history, advanced.request);
    }
    throw new Error('Expected an advance within 20 history requests.');
  }

  private load(names: readonly string[], since: number, ended: History['ended']): History {
    const counts = seenCounts(this.state.memory, this.definitions, this.events);
    if (this.keeping.history === 'complete')
      return { events: this.events, names: null, since: 0, ended: this.endedByKey(), counts };
    const until = this.until();
    const wanted = [...this.definitions.looksBackFor, ...names];
    const undecided = this.events.filter(({ pending }) => pending).map(({ at }) => at);
    const from = earliestAt(Math.min(since, ...undecided, ...this.state.runs.map((run) => run.since)));
    const events = this.events.filter((event) =>
      event.pending ? event.receivedAt <= (until ?? Infinity) : wanted.includes(event.name) && event.at >= from,
    );
    return { events, names: wanted, since: from, ended, counts, ...(until !== undefined && { until }) };
  }

  /**
   * The last time of receipt that the next advance gets. Events received together stay together.
   * @returns undefined when it gets all pending events, as in the first advance under other definitions
   */
  private until(): number | undefined {
    const { atOnce = Infinity } = this.keeping;
    if (this.state.memory && this.state.memory.version !== this.definitions.version) return undefined;
    const received = this.events.filter(({ pending }) => pending).map(({ receivedAt }) => receivedAt);
    received.sort((a, b) => a - b);
    const [first, beyond, last] = [received[0], received[atOnce], received.at(-1)];
    if (first === undefined || beyond === undefined || last === undefined) return undefined;
    const until = Math.max(first, beyond - 1);
    return until < last ? until : undefined;
  }

  private endedByKey(): History['ended'] {
    return withEnded({}, [...this.ended.values()]);
  }

  private answer(history: History, request: HistoryRequest): History {
    const { names, since, ended } = history;
    if (request.kind === 'events')
      return { ...history, ...this.load([...(names ?? []), ...request.names], Math.min(request.since, since), ended) };
    if (request.kind === 'asked' || request.kind === 'group')
      return { ...history, ...answerQuestion(history, request, this.state, this.events) };
    const known = this.endedByKey();
    const answers = request.keys
      .map((key) => endedKey(request.journey, key))
      .map((name) => [name, known[name] ?? null] as const);
    return { ...history, ended: { ...history.ended, ...Object.fromEntries(answers) } };
  }

  private keep(advanced: Advanced, now: number): Advanced {
    const { state, effects, changedRuns, seen, wakeAt, awaiting, awaitingExactly } = advanced;
    for (const run of changedRuns) {
      if (this.ended.has(run.id)) throw new Error(`Expected ended run ${run.id} of '${run.journey}' not to change.`);
      refuseChanges(this.state.runs.find(({ id }) => id === run.id)?.journal ?? [], run.journal);
    }
    for (const message of effects.messages) this.keepMessage(message, now);
    for (const event of effects.tracked) keepOnce(this.tracked, event, now);
    for (const change of effects.chats) keepOnce(this.chats, change, now);
    for (const message of this.messages.values()) {
      const withdrawn = effects.cancelledRuns.includes(message.runId) || effects.cancelledMessages.includes(message.id);
      if (!withdrawn || message.status !== 'held') continue;
      if (effects.cancelledMessages.includes(message.id)) this.takenBack.add(message.id);
      this.messages.set(message.id, { ...message, status: 'suppressed', reason: 'withdrawn' });
    }
    this.stageChanges.push(...effects.stageChanges);
    for (const run of changedRuns) if (run.endedAt !== null) this.ended.set(run.id, stored(run));
    this.events = this.events.map((event) => (seen.includes(event.id) ? { ...event, pending: false } : event));
    const { history: _, ...rest } = state;
    this.state = stored(rest);
    this.wakeAt = wakeAt;
    [this.awaiting, this.awaitingExactly] = [awaiting, awaitingExactly];
    const behind = state.history.until !== undefined;
    this.awaitingVersion = behind ? '' : state.memory.version;
    if (wakeAt !== null && wakeAt <= now && !behind)
      throw new Error(`Expected the engine to ask for a wake-up after ${now}, but it asked for ${wakeAt}.`);
    return advanced;
  }

  private keepMessage(message: Message, now: number): void {
    const isOpen = (this.messages.get(message.id)?.status ?? 'held') === 'held' || this.takenBack.has(message.id);
    this.takenBack.delete(message.id);
    if (!isOpen) throw new Error(`Expected the message of '${message.step}' to be sent once, but it was sent twice.`);
    if (message.decidedAt !== now)
      throw new Error(
        `Expected the message of '${message.step}' to be decided at ${now}, not at ${message.decidedAt}.`,
      );
    this.messages.set(message.id, message);
    refuseRepeats(this.messages.values());
  }
}
