import type { Json } from '../model/json';
import type { SentRecord } from '../model/state';
import { boundsOn, type Bound, type Counted } from '../policy/caps';
import { channelsIn, reachesPerson } from '../policy/channels';
import type { Policy } from '../policy/define';
import { countsSince, countsUntil, LONGEST_MS } from '../policy/spans';
import type { TimedWays } from './timed-ways';

/** A bound, and a message that it counts. */
interface BoundOf {
  readonly bound: Bound;
  readonly sort: Counted;
}

/**
 * The caps that some way of a walk reaches. As long as a cap is never reached, it makes no difference when the messages that it
 * counts went out. So a walk first takes no cap for reached, and starts over when its ways show that one is.
 */
export class ReachedCaps {
  private readonly bounds: readonly BoundOf[];
  private readonly reached = new Set<BoundOf>();

  /** @param journey the id of the journey that is walked. Its messages are the only ones */
  constructor(policy: Policy, journey: string) {
    const channels = channelsIn(policy).filter((channel) => reachesPerson(policy, channel));
    const sorts: readonly Counted[] = [
      { channel: 'email', transactional: true },
      ...channels.flatMap((channel) =>
        [undefined, ...Object.keys(policy.topicCaps ?? {})].map((topic) => ({
          channel,
          transactional: false,
          journey,
          ...(topic !== undefined && { topic }),
        })),
      ),
    ];
    const all = sorts.flatMap((sort) => boundsOn(policy, sort).map((bound) => ({ bound, sort })));
    // A cap of no message at all stops every message, whenever others went out.
    const bounds = all.filter(({ bound }) => bound.most > 0);
    this.bounds = [...new Map(bounds.map((one) => [one.bound.reason, one])).values()];
  }

  /**
   * Notes the caps that these ways reach.
   * @returns whether one of them was not known to be reached
   */
  note(ways: TimedWays): boolean {
    const { size } = this.reached;
    for (const one of this.bounds)
      if (!this.reached.has(one) && ways.most(LONGEST_MS[one.bound.span], counting(one)) >= one.bound.most)
        this.reached.add(one);
    return this.reached.size > size;
  }

  /** What can make a difference of the messages sent, with their ages, and with the time for which they count by the calendar. */
  agesOf(sent: readonly SentRecord[], now: number, zone: string): Json {
    const reached = [...this.reached];
    const byCalendar = reached.some(({ bound }) => bound.span === 'localDay');
    return sent
      .filter((message) =>
        reached.some((one) => counting(one)(message) && message.at >= countsSince(one.bound.span, now, zone)),
      )
      .map(({ at, channel, transactional }) => [
        now - at,
        channel,
        transactional,
        ...(byCalendar ? [countsUntil('localDay', at, zone) - now] : []),
      ]);
  }
}

/** A way does not tell the journey and the topic of its messages. Each message is counted as if it had those of the bound. */
function counting({ bound, sort }: BoundOf): (message: Pick<SentRecord, 'channel' | 'transactional'>) => boolean {
  return ({ channel, transactional }) => bound.counts({ ...sort, channel, transactional });
}
