import type { Pool } from 'pg';
import type { Change, InFlightRow } from '../../engine/preview/in-flight';
import type { Tallied } from '../../engine/testing/tally';

interface StoredRun {
  readonly id: string;
  readonly user_id: string;
  readonly journey: string;
  readonly status: string;
  readonly position: string | null;
  /** Steps that were skipped because they are behind the position. */
  readonly skipped: readonly string[];
}

interface StoredMessage {
  readonly id: string;
  readonly step: string;
  readonly channel: string;
  readonly status: string;
  readonly until: number | null;
}

/** The stored runs and messages of all users. */
export interface InFlightState {
  readonly runs: readonly StoredRun[];
  readonly messages: readonly StoredMessage[];
}

/** What an edit does to all users: the steps they are at, and the steps that were sent, suppressed and skipped. Lists are sorted. */
interface Outcome {
  readonly ends: number;
  readonly parked: number;
  readonly places: readonly string[];
  readonly released: readonly string[];
  readonly suppressed: readonly string[];
  readonly skips: readonly string[];
}

/** Reads the stored state of all journeys, or of one. */
export async function inFlightState(pool: Pool, journey: string | null = null): Promise<InFlightState> {
  const runs = await pool.query<StoredRun>(
    `SELECT id, user_id, journey, status, position,
       ARRAY(SELECT r ->> 'step' FROM jsonb_array_elements(body -> 'journal') r WHERE r ->> 'status' = 'skipped' AND r ->> 'cause' = 'behind') AS skipped
     FROM runs WHERE $1::text IS NULL OR journey = $1 ORDER BY id`,
    [journey],
  );
  const messages = await pool.query<StoredMessage>(
    `SELECT m.id, m.step, m.channel, m.status,
       jsonb_path_query_first(r.body, '$.journal[*] ? (@.status == "waiting" && @.kind == "send").until')::bigint AS until
     FROM messages m JOIN runs r ON r.id = m.run_id WHERE $1::text IS NULL OR r.journey = $1 ORDER BY m.id`,
    [journey],
  );
  return { runs: runs.rows, messages: messages.rows };
}

/** True while the user is in the journey with this run. A parked run counts. */
export function isOpen({ status }: Pick<StoredRun, 'status'>): boolean {
  return status === 'active' || status === 'failed';
}

type Row = Pick<Tallied<InFlightRow>, 'journey' | 'change' | 'step' | 'to' | 'count'>;

/** The outcome that a preview predicts. */
export function foretold(rows: readonly Row[]): Outcome {
  const of = (changes: readonly Change[], name: (row: Row) => string): string[] =>
    rows
      .filter(({ change, to }) => changes.includes(change) && (to !== null || change === 'skips'))
      .flatMap((row) => Array.from({ length: row.count }, () => name(row)))
      .sort();
  const count = (change: Change): number =>
    rows.filter((row) => row.change === change).reduce((sum, row) => sum + row.count, 0);
  const sent = ({ step, to }: Row): string => `${step ?? ''}: ${to ?? ''}`;
  return {
    ends: count('ends'),
    parked: count('parked'),
    places: of(['stays', 'moves', 'enters'], ({ journey, to }) => `${journey}: ${to ?? ''}`),
    released: of(['released'], sent),
    suppressed: of(['suppressed'], sent),
    skips: of(['skips'], ({ step }) => step ?? ''),
  };
}

/** The outcome between two stored states. */
export function happened(before: InFlightState, after: InFlightState): Outcome {
  const wasOpen = new Set(before.runs.filter(isOpen).map(({ id }) => id));
  const skippedBefore = new Map(before.runs.map(({ id, skipped }) => [id, skipped]));
  const was = new Map(before.messages.map((message) => [message.id, message]));
  const decided = after.messages.filter((message) => {
    const earlier = was.get(message.id);
    return !isOut(earlier) && JSON.stringify(earlier) !== JSON.stringify(message);
  });
  const sent = ({ step, channel }: StoredMessage): string => `${step}: ${channel}`;
  return {
    ends: after.runs.filter((run) => wasOpen.has(run.id) && !isOpen(run)).length,
    parked: after.runs.filter(({ status }) => status === 'failed').length,
    places: after.runs
      .filter(({ status }) => status === 'active')
      .map(({ journey, position }) => `${journey}: ${position ?? ''}`)
      .sort(),
    released: decided
      .filter((message) => isOut(message) || message.status === 'held')
      .map(sent)
      .sort(),
    suppressed: decided
      .filter(({ status }) => status === 'suppressed')
      .map(sent)
      .sort(),
    skips: after.runs
      .flatMap(({ id, skipped }) => skipped.filter((step) => !skippedBefore.get(id)?.includes(step)))
      .sort(),
  };
}

/** True once the message was handed to delivery, whatever became of it since. */
function isOut(message: StoredMessage | undefined): boolean {
  return message !== undefined && ['queued', 'sending', 'retrying', 'sent'].includes(message.status);
}
