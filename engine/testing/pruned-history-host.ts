import { isDoneByUser } from '../model/activity';
import { earliestAt } from '../model/coarse-time';
import { advance, type Advanced } from '../advance/advance';
import type { Definitions } from '../definitions/definitions';
import { endedKey } from '../user/last-entry';
import { isAwaited } from '../model/activity';
import { answerQuestion } from './answer-questions';
import { MemoryHost, type MemoryUser } from './memory-host';
import { seenCounts } from './seen-counts';
import type { History, UserEvent } from '../model/state';

/**
 * Keeps a user in memory the way the server does. Only an awaited event causes an advance. The engine gets only the
 * part of the history that it may look for, and more when it makes a history request. The results equal those of a
 * `MemoryHost`, except that an event that is not awaited leaves no trace. This host is faster, and made for simulations
 * of many active people.
 */
export class PrunedHistoryHost extends MemoryHost {
  /** Events that the engine has seen or did not await, in the order of receipt. */
  private readonly past: UserEvent[] = [];
  private awaiting: readonly string[] = [];

  /** @param watch called with the result of each advance */
  constructor(
    user: MemoryUser,
    definitions: Definitions,
    private readonly watch: (advanced: Advanced) => void,
  ) {
    super(user, definitions);
  }

  override async take(events: readonly Omit<UserEvent, 'pending'>[], now: number): Promise<void> {
    const matters = events.some((event) => isAwaited(event, this.awaitedNames(now)));
    const awaited = events.filter((event) => matters && isAwaited(event, this.definitions.reactsTo));
    for (const event of events.filter((one) => !awaited.includes(one))) {
      if (isDoneByUser(event)) this.see(event.at);
      this.past.push({ ...event, pending: false });
    }
    if (matters) await super.take(awaited, now);
  }

  override remember(events: readonly UserEvent[]): void {
    super.remember(events.filter(({ pending }) => pending));
    this.past.push(...events.filter(({ pending }) => !pending));
  }

  protected override async advance(now: number): Promise<Advanced> {
    const counts = seenCounts(this.state.memory, this.definitions, this.past);
    let { ended } = this.state.history;
    let answers: Pick<History, 'asked' | 'groups'> = {};
    let names = this.definitions.looksBackFor;
    let since = Math.min(
      now,
      ...this.state.runs.map((run) => run.since),
      ...this.state.history.events.map(({ at }) => at),
    );
    for (;;) {
      const history: History = { events: this.recall(names, since), names, since, ended, counts, ...answers };
      const advanced = await advance({ ...this.state, history }, now, this.definitions);
      if (advanced.kind === 'advanced') return advanced;
      const { request } = advanced;
      if (request.kind === 'asked' || request.kind === 'group')
        answers = answerQuestion(answers, request, this.state, this.recallSince(request.since));
      else if (request.kind === 'ended')
        ended = { ...ended, ...Object.fromEntries(request.keys.map((key) => [endedKey(request.journey, key), null])) };
      else [names, since] = [[...names, ...request.names], Math.min(since, request.since)];
    }
  }

  protected override keep(advanced: Advanced): void {
    const { events } = this.state.history;
    super.keep(advanced);
    for (const event of events) this.past.push({ ...event, pending: false });
    this.state = { ...this.state, history: { ...this.state.history, events: [] } };
    this.awaiting = advanced.awaiting;
    this.watch(advanced);
  }

  /**
   * The names that the engine awaits. They are valid until the engine has something to decide; then any event may
   * matter.
   */
  private awaitedNames(now: number): readonly string[] {
    const { memory } = this.state;
    const stale = memory?.version !== this.definitions.version || (this.wakeAt !== null && this.wakeAt <= now);
    return stale ? this.definitions.reactsTo : this.awaiting;
  }

  /** @param since by name, when the events have to begin, epoch milliseconds */
  private recallSince(since: Readonly<Record<string, number>>): UserEvent[] {
    return this.recall(Object.keys(since), Math.min(...Object.values(since)));
  }

  /**
   * Past events with these names, and those not seen yet. An event never happens after its receipt, so the search can
   * start at `since`.
   */
  private recall(names: readonly string[], since: number): UserEvent[] {
    const from = earliestAt(since);
    const first = this.past.findLastIndex(({ receivedAt }) => receivedAt < from) + 1;
    const recent = this.past.slice(first).filter(({ name, at }) => at >= from && names.includes(name));
    return [...recent, ...this.state.history.events];
  }
}
