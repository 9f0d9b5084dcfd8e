import type { Config } from './config';
import { ownVersion } from './version';

/** What the first line of a process in the log says: what it is, and which servers it uses. It has no user name, password or key. */
export function startedWith(config: Pick<Config, 'databaseUrl' | 'temporal' | 'smtpUrl'>): object {
  const { address, namespace } = config.temporal;
  return {
    version: ownVersion(),
    node: process.version,
    namespace,
    temporal: address,
    postgres: addressOf(config.databaseUrl),
    ...(config.smtpUrl !== null && { smtp: addressOf(config.smtpUrl) }),
  };
}

/** The host, port and path of a URL. */
function addressOf(url: string): string {
  const { host, pathname } = new URL(url);
  return host + pathname.replace(/\/$/, '');
}
