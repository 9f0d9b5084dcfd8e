import { randomBytes } from 'node:crypto';
import type { Config } from '../../config/config';
import { testTemporal } from './temporal';

/** Settings that a test must pass. `testConfig` fills in the rest. */
export type OwnConfig = Pick<Config, 'databaseUrl' | 'smtpUrl' | 'journeysPath'> & Partial<Config>;

/** Returns the configuration of an installation for tests, with its own keys. Uses the shared Temporal server by default. */
export function testConfig(own: OwnConfig): Config {
  return {
    port: 0,
    temporal: testTemporal(),
    smtpFallbackUrl: null,
    mailboxUrl: null,
    mailFrom: 'Sojourn <hello@example.com>',
    writeKey: secret(),
    adminKey: secret(),
    mergeUsersWith: 'admin-key',
    publicUrl: 'http://localhost:3000',
    secret: secret(),
    track: { opens: false, clicks: false },
    speed: 1,
    logLevel: 'silent',
    metricsPort: 0,
    metricsKey: null,
    retention: { events: null, messages: null, runs: null },
    trustedProxies: 0,
    ...own,
  };
}

function secret(): string {
  return randomBytes(16).toString('hex');
}
