import type { Pool } from 'pg';

/** A release no worker has reported for this long is gone; its users are taken over. */
const GONE_SECONDS = 60;

/**
 * Which release of the definitions is the newest: the one whose workers started, or took up other definitions, last. `seq` is this
 * process's own number. While workers of a newer release are alive, users it has advanced are left to it; when they are gone (a rollback,
 * a crashed canary), this release takes the next number and goes on.
 */
export class Release {
  seq = 0;
  /** The version that was the newest before this process's first one, when that was another. */
  replaced: string | null = null;
  private version: string | null = null;

  constructor(private readonly pool: Pool) {}

  /**
   * Registers this release: the newest keeps its number, any other becomes the newest.
   * @returns the version that was the newest before, when this one is another; otherwise null
   */
  private async register(): Promise<string | null> {
    const { rows } = await this.pool.query<{ seq: number; replaced: string | null }>(
      `WITH newest AS (SELECT seq, version FROM releases ORDER BY seq DESC LIMIT 1),
        added AS (INSERT INTO releases (version) SELECT $1 WHERE NOT EXISTS (SELECT FROM newest WHERE version = $1) RETURNING seq)
       SELECT seq, (SELECT version FROM newest) AS replaced FROM added
       UNION ALL SELECT seq, NULL FROM newest WHERE version = $1 LIMIT 1`,
      [this.version],
    );
    this.seq = rows[0]?.seq ?? this.seq;
    return rows[0]?.replaced ?? null;
  }

  /**
   * The process takes up definitions; call it before the first decision under them. The first ones become the newest. Later ones do
   * too, unless workers of a newer release are alive: then this process, whose code may be the older, stays behind them.
   */
  async become(version: string): Promise<void> {
    const first = this.version === null;
    this.version = version;
    if (first) this.replaced = await this.register();
    else await this.heartbeat();
  }

  /** Reports that this release is alive, and takes over from newer ones that are not. */
  async heartbeat(): Promise<void> {
    const { rows } = await this.pool.query<{ own: number | null; rival: number | null; newest: number | null }>(
      `WITH alive AS (UPDATE releases SET seen_at = now() WHERE seq = $1)
       SELECT max(seq) AS newest, max(seq) FILTER (WHERE version = $2) AS own,
         max(seq) FILTER (WHERE version <> $2 AND seen_at > now() - make_interval(secs => $3)) AS rival FROM releases`,
      [this.seq, this.version, GONE_SECONDS],
    );
    const { own, rival, newest } = rows[0] ?? { own: null, rival: null, newest: null };
    this.seq = Math.max(this.seq, own ?? 0);
    const ours = (own ?? 0) >= this.seq;
    if ((!ours || (newest ?? 0) > this.seq) && (rival ?? 0) <= this.seq) await this.register();
  }
}
