import type { Pool } from 'pg';
import type { Definitions } from '../engine/definitions/definitions';

/** As many versions of a journey are listed. */
const BEGINNINGS = 50;

/** What a release is known by. */
export type Released = Pick<Definitions, 'version' | 'fingerprints'>;

/** A release no worker has reported for this long is gone; its users are taken over. */
const GONE_SECONDS = 60;
/** Real milliseconds between two reports of a process. */
const BEAT_MS = 2_000;
/** Who has missed as many reports knows nothing of what the others did meanwhile: perhaps nobody could report. Real milliseconds. */
const GAP_MS = 10 * BEAT_MS;

/**
 * Which release of the definitions is the newest: the one whose workers started, or took up other definitions, last. `seq` is this
 * process's own number. While workers of a newer release are alive, users it has advanced are left to it; when they are gone (a rollback,
 * a crashed canary), this release takes the next number and goes on.
 */
export class Release {
  seq = 0;
  /** Workers of other releases were alive at the last report. */
  hasLiveRivals = false;
  /** The version that was the newest before this process's first one, when that was another. */
  replaced: string | null = null;
  private current: Released | null = null;
  private reportedAt = -Infinity;
  private steadySince = -Infinity;
  private timer: NodeJS.Timeout | null = null;
  private reporting: Promise<void> | null = null;

  /** @param now real time, epoch milliseconds */
  constructor(
    private readonly pool: Pool,
    private readonly now: () => number = Date.now,
  ) {}

  /** Reports regularly, apart from all other work, until it is stopped. */
  start(onMissed: (error: unknown) => void): void {
    this.timer = setInterval(() => {
      this.reporting ??= this.heartbeat()
        .catch(onMissed)
        .finally(() => (this.reporting = null));
    }, BEAT_MS).unref();
  }

  /** Reports no more; a report under way is awaited. */
  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.reporting;
  }

  /**
   * Registers this release: the newest keeps its number, any other becomes the newest.
   * @returns the version that was the newest before, when this one is another; otherwise null
   */
  private async register(): Promise<string | null> {
    const { rows } = await this.pool.query<{ seq: number; replaced: string | null }>(
      `WITH newest AS (SELECT seq, version FROM releases ORDER BY seq DESC LIMIT 1),
        added AS (INSERT INTO releases (version, journeys) SELECT $1, $2 WHERE NOT EXISTS (SELECT FROM newest WHERE version = $1) RETURNING seq)
       SELECT seq, (SELECT version FROM newest) AS replaced FROM added
       UNION ALL SELECT seq, NULL FROM newest WHERE version = $1 LIMIT 1`,
      [this.current?.version, this.current?.fingerprints],
    );
    this.seq = rows[0]?.seq ?? this.seq;
    return rows[0]?.replaced ?? null;
  }

  /**
   * The process takes up definitions; call it before the first decision under them. The first ones become the newest. Later ones do
   * too, unless workers of a newer release are alive: then this process, whose code may be the older, stays behind them.
   */
  async become(definitions: Released): Promise<void> {
    const first = this.current === null;
    this.current = definitions;
    if (first) this.replaced = await this.register();
    else await this.heartbeat();
  }

  /**
   * Reports that this release is alive, and takes over from newer ones that are not. Where our own reports had a gap, theirs may
   * have had the same: they get as much time again.
   */
  async heartbeat(): Promise<void> {
    const { rows } = await this.pool.query<{ own: number | null; rival: number | null; newest: number | null }>(
      `WITH alive AS (UPDATE releases SET seen_at = now() WHERE seq = $1)
       SELECT max(seq) AS newest, max(seq) FILTER (WHERE version = $2) AS own,
         max(seq) FILTER (WHERE version <> $2 AND seen_at > now() - make_interval(secs => $3)) AS rival FROM releases`,
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

/** When a version of a journey began: the version of all of them it came with, and real time. */
export interface JourneyBeginning {
  readonly version: string;
  readonly since: Date;
}

/** The beginnings of the latest versions of these journeys, newest first: the releases in which one differs from the release before. */
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
