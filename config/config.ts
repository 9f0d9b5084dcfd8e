/** How to connect to Temporal. */
export interface TemporalConfig {
  readonly address: string;
  readonly namespace: string;
  readonly apiKey: string | null;
  /** PEM texts. Null means no TLS, and an empty object means TLS with the root certificates of the system. */
  readonly tls: {
    readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
    readonly serverName?: string;
  } | null;
}

/** The complete configuration of a process, from the environment. Under `npm start`, `dev/` supplies the missing settings. */
export interface Config {
  readonly port: number;
  readonly databaseUrl: string;
  readonly temporal: TemporalConfig;
  /** The mail server of `SMTP_URL`; null where none is set because `channels/email.ts` names others. */
  readonly smtpUrl: string | null;
  /** The mail server that takes over at once when the first one can't take a message; null for none. */
  readonly smtpFallbackUrl: string | null;
  readonly mailFrom: string;
  /** The mail server of this machine that shows what channels without a provider would send; null except under `npm start`. */
  readonly mailboxUrl: string | null;
  readonly writeKey: string;
  readonly adminKey: string;
  /** The key with which `alias` calls merge two users. A visitor can become a user with either key. */
  readonly mergeUsersWith: 'admin-key' | 'write-key';
  readonly publicUrl: string;
  /** The key that signs unsubscribe links and user tokens. */
  readonly secret: string;
  /** Whether mails tell that they are opened, and that their links are clicked. */
  readonly track: { readonly opens: boolean; readonly clicks: boolean };
  /** Virtual seconds per real second. Values above 1 require the embedded database. */
  readonly speed: number;
  /** The folder or package that contains the journeys. */
  readonly journeysPath: string;
  readonly logLevel: string;
  /** The port on which a process serves its metrics. Null is the usual one of its kind: see `METRICS_PORTS`. */
  readonly metricsPort: number | null;
  /** The key that `GET /metrics` asks for; null if it asks for none. */
  readonly metricsKey: string | null;
  /** For how long events, messages and ended runs are kept, milliseconds; null for ever. */
  readonly retention: Readonly<Record<'events' | 'messages' | 'runs', number | null>>;
  /** The proxies that may tell a visitor's address by `X-Forwarded-For`: their number, or their addresses. 0 stands for none. */
  readonly trustedProxies: number | readonly string[];
}

/** The usual ports of metrics. They differ, so that an API and a worker can run on one machine. */
export const METRICS_PORTS = { worker: 9464, api: 9465 } as const;

/** The task queue that all workers of a namespace share. */
export const TASK_QUEUE = 'sojourn';
