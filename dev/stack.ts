import type { Config, TemporalConfig } from '../config/config';
import { ConfigError, type Settings } from '../config/env';
import { startMailbox } from './mailbox';
import { freePort, onFreePort } from './port';
import { DATABASE, ensureDatabase, startPostgres } from './postgres';
import type { Report } from './report';
import { keptSecrets } from './secrets';
import type { Teardown } from './teardown';
import { NAMESPACE, startTemporal } from './temporal';
import { resolveTemporalBinary } from './temporal-binary';
import { startTemporalPage } from './temporal-page';

/** The running servers that our processes need. */
export interface Stack {
  readonly config: Config;
  /** Web pages of the servers we started; null for a server from the settings. */
  readonly pages: { readonly temporal: string | null; readonly mailbox: string | null };
}

/** How a stack is started. */
export interface StackOptions {
  /** Holds all data, logs and keys. Has to exist. */
  readonly folder: string;
  readonly report: Report;
  /** Gets each server as soon as it runs. */
  readonly teardown: Teardown;
}

const USUAL_TEMPORAL_PORT = 7233;
const USUAL_SMTP_PORT = 1025;
const LOCAL_SENDER = 'Sojourn <sojourn@localhost>';

/**
 * Starts the servers that are not in the settings: PostgreSQL, Temporal, and a mailbox. Generates missing keys.
 * @throws {Error} when a server cannot start; the message says what to do
 */
export async function startStack(settings: Settings, options: StackOptions): Promise<Stack> {
  const { databaseUrl, temporal, smtpUrl, mailFrom, pages } = settings;
  if (smtpUrl !== null && mailFrom === null) throw new ConfigError(['MAIL_FROM must be set with SMTP_URL']);
  const secrets = keptSecrets(options.folder);
  const database = databaseUrl ?? (await provideDatabase(options));
  const workflows = temporal ? { temporal, page: null } : await provideTemporal(pages.temporal, options);
  const mail = smtpUrl !== null ? { smtpUrl, page: null } : await provideMailbox(pages.mailbox, options);
  const config: Config = {
    ...settings,
    databaseUrl: database,
    temporal: workflows.temporal,
    smtpUrl: mail.smtpUrl,
    mailboxUrl: mail.page === null ? null : mail.smtpUrl,
    mailFrom: mailFrom ?? LOCAL_SENDER,
    writeKey: settings.writeKey ?? secrets.writeKey,
    adminKey: settings.adminKey ?? secrets.adminKey,
    secret: settings.secret ?? secrets.secret,
    publicUrl: settings.publicUrl ?? `http://localhost:${settings.port}`,
  };
  return { config, pages: { temporal: workflows.page, mailbox: mail.page } };
}

async function provideDatabase({ folder, report, teardown }: StackOptions): Promise<string> {
  report('starting PostgreSQL');
  const postgres = teardown.add(await startPostgres({ folder }));
  await ensureDatabase(postgres, DATABASE);
  return postgres.url(DATABASE);
}

async function provideTemporal(
  uiPort: number,
  { folder, report, teardown }: StackOptions,
): Promise<{ temporal: TemporalConfig; page: string | null }> {
  const binary = await resolveTemporalBinary(report);
  report('starting Temporal');
  const ownUiPort = await freePort();
  const server = teardown.add(
    await onFreePort((port) => startTemporal({ binary, folder, port, uiPort: ownUiPort }), USUAL_TEMPORAL_PORT),
  );
  const page = teardown.add(await startTemporalPage(uiPort, ownUiPort));
  return { temporal: { address: server.address, namespace: NAMESPACE, apiKey: null, tls: null }, page: page.url };
}

async function provideMailbox(
  pagePort: number,
  { folder, report, teardown }: StackOptions,
): Promise<{ smtpUrl: string; page: string }> {
  report('starting the mailbox');
  const mailbox = teardown.add(
    await onFreePort((smtpPort) => startMailbox({ folder, smtpPort, pagePort }), USUAL_SMTP_PORT),
  );
  return { smtpUrl: mailbox.smtpUrl, page: mailbox.pageUrl };
}
