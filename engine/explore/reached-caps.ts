import type { Json } from '../model/json';
import { CHANNELS } from '../model/channels';
import type { ChannelName, SentRecord } from '../model/state';
import { capOf } from '../policy/channels';
import type { Cap, Policy } from '../policy/define';
import type { TimedWays } from './timed-ways';

const DAY_MS = 86_400_000;

/** One bound of a cap: at most so many messages of one sort in a span. */
interface Bound {
  readonly most: number;
  readonly spanMs: number;
  readonly counts: (message: Pick<SentRecord, 'channel' | 'transactional'>) => boolean;
}

/**
 * The caps that some way of a walk reaches. As long as a cap is never reached, it makes no difference when the messages that it
 * counts went out. So a walk first takes no cap for reached, and starts over when its ways show that one is.
 */
export class ReachedCaps {
  private readonly bounds: readonly Bound[];
  private readonly reached = new Set<Bound>();

  constructor(policy: Pick<Policy, 'caps' | 'own'>) {
    const { total, transactional } = policy.caps;
    this.bounds = [
      ...[...CHANNELS, ...Object.keys(policy.own ?? {})].flatMap((channel) =>
        boundsOf(capOf(policy, channel), { channel, transactional: false }),
      ),
      ...boundsOf(total, { transactional: false }),
      ...boundsOf(transactional, { transactional: true }),
    ];
  }

  /**
   * Notes the caps that these ways reach.
   * @returns whether one of them was not known to be reached
   */
  note(ways: TimedWays): boolean {
    const { size } = this.reached;
    for (const bound of this.bounds)
      if (!this.reached.has(bound) && ways.most(bound.spanMs, bound.counts) >= bound.most) this.reached.add(bound);
    return this.reached.size > size;
  }

  /** What can make a difference of the messages sent, with their ages. */
  agesOf(sent: readonly SentRecord[], now: number): Json {
    const reached = [...this.reached];
    return sent
      .filter((message) => reached.some(({ counts, spanMs }) => counts(message) && message.at > now - spanMs))
      .map(({ at, channel, transactional }) => [now - at, channel, transactional]);
  }
}

/** A cap of no message at all is left out: it stops every message, whenever others went out. So is one without a bound. */
function boundsOf(
  { day, week }: Cap,
  sort: { readonly channel?: ChannelName; readonly transactional: boolean },
): readonly Bound[] {
  const counts: Bound['counts'] = ({ channel, transactional }) =>
    transactional === sort.transactional && (sort.channel === undefined || channel === sort.channel);
  return [
    { most: day, spanMs: DAY_MS, counts },
    { most: week, spanMs: 7 * DAY_MS, counts },
  ].filter(({ most }) => most > 0 && Number.isFinite(most));
}
