import { performance } from 'node:perf_hooks';
import type { Pool } from 'pg';
import type { Definitions } from '../engine/definitions/definitions';
import { HISTORY_SINCE, STATE_FORMAT } from '../engine/model/state';

/** The maximum number of versions listed for a journey. */
const BEGINNINGS = 50;

/** What identifies a release. */
export type Released = Pick<Definitions, 'version' | 'fingerprints'>;

/** A release is gone when no worker has reported it for this many real seconds. Its users are then taken over. */
const GONE_SECONDS = 60;
/** Real milliseconds between two reports of a process. */
const BEAT_MS = 2_000;
/**
 * A process with a longer gap between its own reports can't conclude that others are gone: perhaps no process could report. Real
 * milliseconds.
 */
const GAP_MS = 10 * BEAT_MS;

/** Where the fingerprints of a release have the state format of its code. No journey has this id. Releases before format 3 lack it. */
const FORMAT = ' state format';

/** SQL: whether a worker of a release was alive lately. A time far ahead is that of a clock that was wrong. */
const isAlive = (seconds: string): string =>
  `seen_at BETWEEN now() - make_interval(secs => ${seconds}) AND now() + make_interval(secs => ${seconds})`;

/**
 * Tracks which release of the definitions is the newest. A release becomes the newest when one of its workers starts, or when its
 * workers take up other definitions. While workers of a newer release are alive, the users it has advanced are left to it. When
 * they are gone (after a rollback, or a canary that crashed), this release takes the next number and advances them itself.
 */
export class Release {
  /** The number of this process's release. */
  seq = 0;
  /** Whether workers of other releases were alive at the last report. */
  hasLiveRivals = false;
  /** The version that was the newest before this process started; null when it was the same one. */
  replaced: string | null = null;
  private current: Released | null = null;
  private reportedAt = -Infinity;
  private steadySince = -Infinity;
  private timer: NodeJS.Timeout | null = null;
  private reporting: Promise<void> | null = null;

  /** @param now the process's steady clock, in milliseconds */
  constructor(
    private readonly pool: Pool,
    private readonly now = (): number => performance.now(),
  ) {}

  /** Reports every two seconds, independently of all other work, until `stop` is called. */
  start(onMissed: (error: unknown) => void): void {
    this.timer = setInterval(() => {
      this.reporting ??= this.heartbeat()
        .catch(onMissed)
        .finally(() => (this.reporting = null));
    }, BEAT_MS).unref();
  }

  /** Stops reporting. Resolves when a report under way has ended. */
  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.reporting;
  }

  /**
   * Registers this release as the newest. It keeps its number if it is the newest already.
   * @returns the version that was the newest before; null when it is the same one
   */
  private async register(): Promise<string | null> {
    const { rows } = await this.pool.query<{ seq: number; replaced: string | null }>(
      `WITH newest AS (SELECT seq, version FROM releases ORDER BY seq DESC LIMIT 1),
        added AS (INSERT INTO releases (version, journeys) SELECT $1, $2 WHERE NOT EXISTS (SELECT FROM newest WHERE version = $1) RETURNING seq)
       SELECT seq, (SELECT version FROM newest) AS replaced FROM added
       UNION ALL SELECT seq, NULL FROM newest WHERE version = $1 LIMIT 1`,
      [this.current?.version, { ...this.current?.fingerprints, [FORMAT]: STATE_FORMAT }],
    );
    this.seq = rows[0]?.seq ?? this.seq;
    return rows[0]?.replaced ?? null;
  }

  /**
   * Takes up definitions. Call it before the first decision under them. The first definitions of a process become the newest
   * release. Later ones do too, unless workers of a newer release are alive: this process may run older code, so it stays behind
   * them.
   */
  async become(definitions: Released): Promise<void> {
    const first = this.current === null;
    this.current = definitions;
    if (first) this.replaced = await this.register();
    else await this.heartbeat();
  }

  /**
   * Reports that this release is alive, and takes over from newer releases that are gone. After a gap in this process's own
   * reports, the others may have had the same gap, so they get the full time again.
   */
  async heartbeat(): Promise<void> {
    const { rows } = await this.pool.query<{ own: number | null; rival: number | null; newest: number | null }>(
      `WITH alive AS (UPDATE releases SET seen_at = now() WHERE seq = $1)
       SELECT max(seq) AS newest, max(seq) FILTER (WHERE version = $2) AS own,
         max(seq) FILTER (WHERE version <> $2 AND ${isAlive('$3')}) AS rival FROM releases`,
      [this.seq, this.current?.version, GONE_SECONDS],
    );
    const now = this.now();
    if (now - this.reportedAt > GAP_MS) this.steadySince = now;
    this.reportedAt = now;
    const { own, rival, newest } = rows[0] ?? { own: null, rival: null, newest: null };
    this.hasLiveRivals = rival !== null;
    this.seq = Math.max(this.seq, own ?? 0);
    if ((newest ?? 0) > this.seq) {
      const gone = (rival ?? 0) <= this.seq && now - this.steadySince >= GONE_SECONDS * 1_000;
      if (gone) await this.register();
    } else if ((own ?? 0) < this.seq) await this.register();
  }
}

/**
 * Are workers alive whose engine does not know imported history? They would take it for events that they have seen, and let people in by
 * times that were over when it was imported.
 */
export async function hasWorkersWithoutHistory(pool: Pool): Promise<boolean> {
  const { rowCount } = await pool.query(
    `SELECT FROM releases WHERE coalesce((journeys ->> $1)::int, 0) < $2 AND ${isAlive('$3')} LIMIT 1`,
    [FORMAT, HISTORY_SINCE, GONE_SECONDS],
  );
  return rowCount !== 0;
}

/** The start of one version of a journey: the version of the definitions it came with, and the real time. */
export interface JourneyBeginning {
  readonly version: string;
  readonly since: Date;
}

/**
 * Lists when the latest versions of these journeys began, newest first: the releases in which a journey differs from the release
 * before.
 */
export async function listBeginnings(
  pool: Pool,
  journeys: readonly string[],
): Promise<ReadonlyMap<string, readonly JourneyBeginning[]>> {
  const { rows } = await pool.query<JourneyBeginning & { readonly journey: string }>(
    `SELECT journey, version, since FROM (
       SELECT journey, version, since, row_number() OVER (PARTITION BY journey ORDER BY seq DESC) AS n FROM (
         SELECT j.id AS journey, r.seq, r.version, r.started_at AS since, r.journeys ->> j.id AS own,
           lag(r.journeys ->> j.id) OVER (PARTITION BY j.id ORDER BY r.seq) AS former
         FROM releases r CROSS JOIN unnest($1::text[]) AS j (id)
       ) each_release WHERE own IS NOT NULL AND own IS DISTINCT FROM former
     ) beginnings WHERE n <= ${BEGINNINGS} ORDER BY journey, n`,
    [journeys],
  );
  const found = new Map<string, JourneyBeginning[]>();
  for (const { journey, ...beginning } of rows) found.set(journey, [...(found.get(journey) ?? []), beginning]);
  return found;
}
