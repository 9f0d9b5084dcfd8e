import { isDoneByUser } from '../model/activity';
import { advance, type Advanced } from '../advance/advance';
import type { Definitions } from '../definitions/definitions';
import { endedKey } from '../user/entry';
import { isAwaited } from '../model/activity';
import { MemoryHost, type MemoryUser } from './memory-host';
import type { History, UserEvent } from '../model/state';

/**
 * A person in memory who is kept as the server keeps them: only an event that is awaited makes the engine decide, and it is
 * given the part of the past it could look for, more only when it asks. It comes to the same as a `MemoryHost`, except that
 * an event nobody awaits leaves no note, and is made for many people who do much.
 */
export class PrunedHistoryHost extends MemoryHost {
  /** All that was seen or that nobody awaited, in the order it was received. */
  private readonly past: UserEvent[] = [];
  private awaiting: readonly string[] = [];

  /** @param watch is told of everything that is decided, as it is */
  constructor(
    user: MemoryUser,
    definitions: Definitions,
    private readonly watch: (advanced: Advanced) => void,
  ) {
    super(user, definitions);
  }

  override async take(events: readonly Omit<UserEvent, 'pending'>[], now: number): Promise<void> {
    const matters = events.some((event) => isAwaited(event, this.awaited(now)));
    const awaited = events.filter((event) => matters && isAwaited(event, this.definitions.reactsTo));
    for (const event of events.filter((one) => !awaited.includes(one))) {
      if (isDoneByUser(event)) this.see(event.at);
      this.past.push({ ...event, pending: false });
    }
    if (matters) await super.take(awaited, now);
  }

  protected override async advance(now: number): Promise<Advanced> {
    const counts = this.countSeen(this.past);
    let { ended } = this.state.history;
    let names = this.definitions.looksBackFor;
    let since = Math.min(
      now,
      ...this.state.runs.map((run) => run.since),
      ...this.state.history.events.map(({ at }) => at),
    );
    for (;;) {
      const history: History = { events: this.recall(names, since), names, since, ended, counts };
      const advanced = await advance({ ...this.state, history }, now, this.definitions);
      if (advanced.kind === 'advanced') return advanced;
      const { request } = advanced;
      if (request.kind === 'ended')
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

  /** What the engine awaits holds until it has something to decide. */
  private awaited(now: number): readonly string[] {
    const { memory } = this.state;
    const stale = memory?.version !== this.definitions.version || (this.wakeAt !== null && this.wakeAt <= now);
    return stale ? this.definitions.reactsTo : this.awaiting;
  }

  /** What has not been seen yet, and of the past what has these names. Nothing happens after it is received. */
  private recall(names: readonly string[], since: number): UserEvent[] {
    const first = this.past.findLastIndex(({ receivedAt }) => receivedAt < since) + 1;
    const recent = this.past.slice(first).filter(({ name, at }) => at >= since && names.includes(name));
    return [...recent, ...this.state.history.events];
  }
}
