import type { z } from 'zod';
import { eventsTotal, ingestDuration } from '../config/metrics';
import { ingest } from '../store/ingest';
import type { Mergeable } from '../store/merge-users';
import { hasWorkersWithoutHistory } from '../store/releases';
import { wake, type ApiDeps } from './deps';
import { goneUser } from './gone-user';
import { knownChannels } from './known-channels';
import { Problem } from './problem';
import type { received } from './received-calls';
import type { CallErrors } from './segment/call-errors';
import { catalogueOf } from './segment/catalogue';
import { readCalls, type ReceivedCall, type Reception } from './segment/read-calls';
import { refusedByStore } from './segment/refused-by-store';
import { CALL_TYPES, type CallType } from './segment/schema';

/** When to try again while workers of an older release are alive. They count as gone a minute after their last report. Seconds. */
const OLD_WORKERS_RETRY_S = 15;

/** What a request says beside its calls. */
export interface Request {
  /** When it was sent by the clock of the client, real epoch milliseconds; null if it does not say. */
  readonly sentAt: number | null;
  /** The kind of people that its calls may merge into a user. */
  readonly mergeable: Mergeable;
  /** The types of calls that it may have. Default: all. */
  readonly types?: readonly CallType[];
  /** Whether it takes no call of a user who does not exist. Default: such a call creates the user. */
  readonly ofKnownUsers?: boolean;
  /** Whether all of its calls are imported as history. Default: those that say so. */
  readonly isHistory?: boolean;
  /** Whether its calls may say what users agreed to. Default: false. */
  readonly takesConsent?: boolean;
}

/**
 * Receives calls of Segment's spec.
 * @throws {Problem} 422 when no call is valid, 401 when none is of a known user and no other is taken, 503 for history while workers are
 * alive that do not know it
 */
export type Receive = (
  calls: readonly ReceivedCall[],
  request: Request,
) => Promise<{ readonly status: 200; readonly body: z.infer<typeof received> }>;

/** Creates what stores the calls of a request, and wakes the users who await them. */
export function receiver(deps: ApiDeps): Receive {
  const { database, definitions, clock, waker } = deps;
  return async (
    calls,
    { sentAt, mergeable, types = CALL_TYPES, ofKnownUsers = false, isHistory = false, takesConsent = false },
  ) => {
    const catalogue = catalogueOf(deps.catalogue);
    const reception: Reception = {
      ...{ clock, catalogue, receivedAt: clock.real(), sentAt, types, isHistory, takesConsent },
      channels: () => knownChannels(definitions),
    };
    const { batch, positions, rejections, warnings } = await readCalls(calls, reception);
    if (batch.events.length === 0) throw nothingStored(rejections);
    if (batch.events.some(({ history }) => history) && (await hasWorkersWithoutHistory(database.pool)))
      throw workersTooOld();
    const stop = ingestDuration.startTimer();
    const ingested = await ingest(database, definitions, { ...batch, ofKnownUsers }, mergeable);
    const { stored, pending, refused } = ingested;
    stop();
    if (ingested.isOfNobody) throw goneUser();
    for (const { index, call, error } of refusedByStore(calls, positions, refused))
      rejections.add(index, call, [error]);
    if (refused.size === batch.events.length) throw nothingStored(rejections);
    eventsTotal.inc({ outcome: 'rejected' }, rejections.count);
    const duplicates = batch.events.length - refused.size - stored;
    eventsTotal.inc({ outcome: 'accepted' }, stored);
    eventsTotal.inc({ outcome: 'duplicate' }, duplicates);
    wake(waker, pending);
    return {
      status: 200,
      body: {
        accepted: stored,
        duplicates,
        rejected: rejections.listed
          .toSorted((a, b) => a.index - b.index)
          .map(({ errors, ...call }) => ({ ...call, errors: [...errors] })),
        rejectedCount: rejections.count,
        warnings: warnings.listed.flatMap(({ errors, ...call }) => errors.map((error) => ({ ...call, ...error }))),
        warningCount: warnings.errorCount,
      },
    };
  };
}

function workersTooOld(): Problem {
  return new Problem(503, {
    detail:
      'History can be imported once every worker is of this release. Workers of an older one were alive within the last minute, and would take history for new events. Nothing was stored. Send the same request again later.',
    retryAfter: OLD_WORKERS_RETRY_S,
  });
}

function nothingStored({ listed, count, errorCount }: CallErrors): Problem {
  eventsTotal.inc({ outcome: 'rejected' }, count);
  return new Problem(422, {
    detail: 'Nothing was stored, because no call is valid.',
    errors: listed.flatMap(({ errors }) => errors),
    errorCount,
  });
}
