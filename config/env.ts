import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { Config } from './config';
import { kept } from './env-retention';
import { trustedProxies } from './env-proxies';
import { temporalConfig, temporalRules, temporalVariables } from './env-temporal';
import type { Environment, Rule } from './rule';

/** The environment is not valid. Each problem is one line that names its variable, and never contains a value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly string[]) {
    super(`The environment is not valid:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const port = z.coerce
  .number('must be a port number')
  .int('must be a whole number')
  .min(1, 'must be 1 or more')
  .max(65_535, 'must be 65535 or less');
const key = (length: number): z.ZodString =>
  z.string().regex(new RegExp(`^[!-9;-~]{${length},}$`), `must have ${length} or more visible characters and no colon`);
const url = (protocol: RegExp, example: string): z.ZodURL =>
  z.url({ protocol, error: `must be a URL like ${example}` });

const variables = z.object({
  ...temporalVariables.shape,
  PORT: port.default(3000),
  METRICS_PORT: port.optional(),
  METRICS_KEY: key(16).optional(),
  RETENTION_EVENTS: kept.optional(),
  RETENTION_MESSAGES: kept.optional(),
  RETENTION_RUNS: kept.optional(),
  TRUSTED_PROXIES: trustedProxies.optional(),
  TEMPORAL_UI_PORT: port.default(8233),
  MAILBOX_PORT: port.default(1080),
  DATABASE_URL: url(/^postgres(ql)?$/, 'postgres://user:password@host:5432/database').optional(),
  SMTP_URL: url(/^smtps?$/, 'smtp://user:password@host:587').optional(),
  SMTP_FALLBACK_URL: url(/^smtps?$/, 'smtp://user:password@host:587').optional(),
  MAIL_FROM: z.string().includes('@', { error: 'must be an address like Sojourn <hello@example.com>' }).optional(),
  WRITE_KEY: key(16).optional(),
  ADMIN_KEY: key(16).optional(),
  SECRET: key(32).optional(),
  // The API reads it with the keys of the other sources of receipts.
  RECEIPTS_SECRET: z
    .string()
    .regex(/^whsec_[A-Za-z\d+/]{32,}={0,2}$/, 'must be whsec_ and 24 or more bytes in base64')
    .optional(),
  MERGE_USERS_WITH: z.enum(['admin-key', 'write-key'], 'must be admin-key or write-key').default('admin-key'),
  PUBLIC_URL: url(/^https?$/, 'https://journeys.example.com').optional(),
  SPEED: z.coerce
    .number('must be a number')
    .min(1, 'must be 1 or more')
    .max(1_000_000, 'must be 1000000 or less')
    .default(1),
  JOURNEYS: z.string().optional(),
  DEMO: z.stringbool('must be true or false').optional(),
  LOG_LEVEL: z.enum(LEVELS, `must be one of ${LEVELS.join(', ')}`).default('info'),
});

/** Keys that must differ from each other: the write key is public, because every app contains it. */
const KEYS = ['WRITE_KEY', 'ADMIN_KEY', 'SECRET', 'METRICS_KEY'] as const;

const rules: readonly Rule[] = [
  ...temporalRules,
  {
    name: 'SPEED',
    broken: (env) => env.DATABASE_URL !== undefined && Number(env.SPEED) > 1,
    problem: 'must be 1 when DATABASE_URL is set: only the embedded database supports virtual time',
  },
  ...KEYS.flatMap((name, n) =>
    KEYS.slice(0, n).map((other): Rule => ({
      name,
      broken: (env) => env[name] !== undefined && env[name] === env[other],
      problem: `must not be the same as ${other}`,
    })),
  ),
];

/** The settings that `npm start` can provide, and the variables that override them. */
const PROVIDED = {
  databaseUrl: 'DATABASE_URL',
  temporal: 'TEMPORAL_ADDRESS',
  smtpUrl: 'SMTP_URL',
  mailFrom: 'MAIL_FROM',
  writeKey: 'WRITE_KEY',
  adminKey: 'ADMIN_KEY',
  secret: 'SECRET',
  publicUrl: 'PUBLIC_URL',
} as const satisfies Partial<Record<keyof Config, string>>;
type Provided = keyof typeof PROVIDED;

/** The settings from the environment. Those that `npm start` can provide are null when they are not set. */
export type Settings = Omit<Config, Provided> & { readonly [Name in Provided]: Config[Name] | null } & {
  /** The ports of the web pages that `npm start` serves. */
  readonly pages: { readonly temporal: number; readonly mailbox: number };
  /**
   * Whether `npm start` serves the demo. Beside a database of somebody's own only where it is asked for; never without the example
   * journeys.
   */
  readonly demo: boolean;
};

/**
 * Reads the environment. An empty variable counts as not set.
 * @throws {ConfigError} with every problem
 */
export function readEnvironment(environment: Environment): Settings {
  const env = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = variables.safeParse(env);
  const problems = parsed.error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`) ?? [];
  const broken = rules.filter((rule) => rule.broken(env)).map(({ name, problem }) => `${name} ${problem}`);
  if (!parsed.success || broken.length > 0) throw new ConfigError([...problems, ...broken]);
  const values = parsed.data;
  return {
    port: values.PORT,
    databaseUrl: values.DATABASE_URL ?? null,
    temporal: temporalConfig(values),
    smtpUrl: values.SMTP_URL ?? null,
    smtpFallbackUrl: values.SMTP_FALLBACK_URL ?? null,
    mailFrom: values.MAIL_FROM ?? null,
    writeKey: values.WRITE_KEY ?? null,
    adminKey: values.ADMIN_KEY ?? null,
    secret: values.SECRET ?? null,
    mergeUsersWith: values.MERGE_USERS_WITH,
    publicUrl: values.PUBLIC_URL?.replace(/\/+$/, '') ?? null,
    speed: values.SPEED,
    journeysPath: journeysPath(values.JOURNEYS),
    logLevel: values.LOG_LEVEL,
    metricsPort: values.METRICS_PORT ?? null,
    metricsKey: values.METRICS_KEY ?? null,
    retention: {
      events: values.RETENTION_EVENTS ?? null,
      messages: values.RETENTION_MESSAGES ?? null,
      runs: values.RETENTION_RUNS ?? null,
    },
    trustedProxies: values.TRUSTED_PROXIES ?? 0,
    pages: { temporal: values.TEMPORAL_UI_PORT, mailbox: values.MAILBOX_PORT },
    demo: HAS_EXAMPLES && (values.DEMO ?? values.DATABASE_URL === undefined),
  };
}

/**
 * Reads the environment of a process that runs alone, where every required variable must be set.
 * @throws {ConfigError} with every variable that is missing or wrong
 */
export function readConfig(environment: Environment): Config {
  const settings = readEnvironment(environment);
  if (isComplete(settings)) return settings;
  const missing = Object.entries(PROVIDED).filter(([name]) => settings[name as Provided] === null);
  throw new ConfigError(missing.map(([, variable]) => `${variable} must be set`));
}

function isComplete(settings: Settings): settings is Settings & Config {
  return Object.keys(PROVIDED).every((name) => settings[name as Provided] !== null);
}

/** The example journeys. They stand in the repository and in its image. The package leaves them out. */
export const SHIPPED_JOURNEYS = join(__dirname, '..', 'journeys');
const HAS_EXAMPLES = existsSync(SHIPPED_JOURNEYS);

/**
 * An existing folder, relative to the working directory, or else a package name. Default: the example journeys, or `./journeys` when
 * installed as a package.
 */
function journeysPath(given: string | undefined): string {
  if (given === undefined) return HAS_EXAMPLES ? SHIPPED_JOURNEYS : resolve('journeys');
  const folder = resolve(given);
  return existsSync(folder) ? folder : given;
}
