import type { SentRecord } from '../model/state';

/** A message on a way between two places. */
export interface SentOnWay extends Pick<SentRecord, 'channel' | 'transactional'> {
  /** How long after the beginning of the way, milliseconds. */
  readonly afterMs: number;
}

/** A way from one place to the next. */
interface Way<Sent> {
  /** Null where nothing can follow. */
  readonly to: object | null;
  readonly ms: number;
  readonly sent: readonly Sent[];
}

/** A walk along ways, as far as a place. */
interface Beginning {
  readonly at: object;
  /** The messages on it, from its first one on. */
  readonly count: number;
  /** The time since the first message. */
  readonly elapsedMs: number;
}

/** No path has more steps. More messages can only come together where ways go round without taking time. */
const MOST_COUNTED = 500;

/**
 * The ways between the places of a walk. From two places that are the same everything goes on in the same way, whenever the
 * messages before them went out. So what can lie within one period is counted along the ways, and not on the paths walked.
 */
export class TimedWays {
  private readonly ways = new Map<object | null, Way<SentOnWay>[]>();

  /** @param from null for the entry */
  add(from: object | null, way: Way<SentOnWay>): void {
    const known = this.ways.get(from);
    if (known) known.push(way);
    else this.ways.set(from, [way]);
  }

  /**
   * The most messages that can lie within one period; infinite if there can be any number. Two messages exactly one period apart do
   * not lie within one.
   *
   * The ways are followed from each message on. Of the walks that come to a place with as many messages, only the shortest is
   * followed: no other can lead to more.
   */
  most(spanMs: number, isCounted: (message: SentOnWay) => boolean): number {
    const ways = new Map([...this.ways].map(([from, ways]) => [from, ways.map((way) => momentsOf(way, isCounted))]));
    const shortest = new Map<object, number[]>();
    const open: Beginning[] = [];
    let most = 0;
    const follow = ({ to, ms, sent }: Way<number>, before: number, elapsedMs: number, first = 0): void => {
      const within = sent.filter((afterMs, index) => index >= first && elapsedMs + afterMs < spanMs);
      const count = Math.min(before + within.length, MOST_COUNTED);
      most = Math.max(most, count);
      if (to === null || elapsedMs + ms >= spanMs) return;
      const known = shortest.get(to) ?? [];
      shortest.set(to, known);
      if (known.some((least, others) => others >= count && least <= elapsedMs + ms)) return;
      known[count] = elapsedMs + ms;
      open.push({ at: to, count, elapsedMs: elapsedMs + ms });
    };
    for (const way of [...ways.values()].flat()) way.sent.forEach((afterMs, index) => follow(way, 0, -afterMs, index));
    // The list grows on the way.
    for (const { at, count, elapsedMs } of open) for (const way of ways.get(at) ?? []) follow(way, count, elapsedMs);
    return most === MOST_COUNTED ? Infinity : most;
  }
}

function momentsOf({ to, ms, sent }: Way<SentOnWay>, isCounted: (message: SentOnWay) => boolean): Way<number> {
  return { to, ms, sent: sent.filter(isCounted).map(({ afterMs }) => afterMs) };
}
