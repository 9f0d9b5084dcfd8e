/** Where Temporal is and how to get in. */
export interface TemporalConfig {
  readonly address: string;
  readonly namespace: string;
  readonly apiKey: string | null;
  /** PEM texts; null for no TLS, an empty object for TLS with the system's roots. */
  readonly tls: {
    readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
    readonly serverName?: string;
  } | null;
}

/** Everything a process of ours needs to know, complete: made from the environment, and from `dev/` for what it leaves out. */
export interface Config {
  readonly port: number;
  readonly databaseUrl: string;
  readonly temporal: TemporalConfig;
  readonly smtpUrl: string;
  readonly mailFrom: string;
  readonly writeKey: string;
  readonly adminKey: string;
  readonly publicUrl: string;
  /** Signs unsubscribe links and users' tokens. */
  readonly secret: string;
  /** Virtual seconds per real second; above 1 only with the embedded database. */
  readonly speed: number;
  /** Folder or package that holds the journeys. */
  readonly journeysPath: string;
  readonly logLevel: string;
  /** Where a worker that runs alone serves its metrics. */
  readonly metricsPort: number;
}

/** The task queue all workers of a namespace share. */
export const TASK_QUEUE = 'sojourn';
