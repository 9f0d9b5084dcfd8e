import type { ChannelSpec } from '../../engine/model/channels';
import type { Clock } from '../../engine/model/clock';
import type { FieldError } from '../pointer';
import { readInstant, UNREADABLE } from './instant';

/** When a call was sent and received, in real epoch milliseconds: `sentAt` by the client's clock, `receivedAt` by the server's. */
export interface Transit {
  readonly clock: Clock;
  readonly receivedAt: number;
  readonly sentAt: number | null;
  /** Whether all calls are history, whatever each says. */
  readonly isHistory?: boolean;
  /** Whether calls may say what users agreed to. Default: false. */
  readonly takesConsent?: boolean;
  /** The channels about which people can be asked. Default: not known, so none is refused. */
  readonly channels?: () => readonly ChannelSpec[];
}

/**
 * The clock skew that is not corrected, in real milliseconds. A difference this small may just be the duration of the request, and
 * correcting it would reorder events from different requests.
 */
const CREDIBLE_MS = 30_000;

const NONE: readonly FieldError[] = [];

/** The times in a call, as they were sent. */
export interface SentTimes {
  readonly timestamp?: unknown;
  readonly originalTimestamp?: unknown;
}

/**
 * When the event of a call happened: at its `timestamp`, else at its `originalTimestamp`, else when it was received. A time that
 * can't be read counts as absent; `unreadTimes` finds those.
 *
 * If `sentAt` shows that the client's clock is wrong, the time is corrected by the difference
 * (https://segment.com/docs/connections/spec/common/#timestamp-overview). A `timestamp` beside an `originalTimestamp` is correct
 * already: a server has corrected it, or the app has set it (as RudderStack's server takes it).
 * @param sentAt of the call itself, or else of the request
 * @returns epoch milliseconds on the journey clock, not before 1970 and not after the call was received
 */
export function happenedAt(sent: SentTimes, { receivedAt, clock }: Transit, sentAt: number | null): number {
  const received = clock.fromReal(receivedAt);
  const timestamp = readInstant(sent.timestamp);
  const original = readInstant(sent.originalTimestamp);
  const told = timestamp ?? original;
  if (told === null) return received;
  const isCorrect = sentAt === null || (timestamp !== null && original !== null);
  const skew = isCorrect ? 0 : receivedAt - sentAt;
  const real = told + (Math.abs(skew) > CREDIBLE_MS ? skew : 0);
  return Math.min(received, Math.max(0, clock.fromReal(real)));
}

/** An error for each time of a call that is given and can't be read. */
export function unreadTimes(sent: SentTimes, pointer: string): readonly FieldError[] {
  if (isReadOrAbsent(sent.timestamp) && isReadOrAbsent(sent.originalTimestamp)) return NONE;
  return (['timestamp', 'originalTimestamp'] as const)
    .filter((name) => !isReadOrAbsent(sent[name]))
    .map((name) => ({ pointer: `${pointer}/${name}`, detail: UNREADABLE }));
}

/** Whether a time is absent, or can be read. */
export function isReadOrAbsent(sent: unknown): boolean {
  return sent == null || sent === '' || readInstant(sent) !== null;
}
