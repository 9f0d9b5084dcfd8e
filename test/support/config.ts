import { randomBytes } from 'node:crypto';
import type { Config } from '../../config/config';
import { testTemporal } from './temporal';

/** What every test has of its own; the rest may be left to `testConfig`. */
export type OwnConfig = Pick<Config, 'databaseUrl' | 'smtpUrl' | 'journeysPath'> & Partial<Config>;

/** The configuration of an installation for tests: on the shared Temporal server unless told otherwise, with keys of its own. */
export function testConfig(own: OwnConfig): Config {
  return {
    port: 0,
    temporal: testTemporal(),
    mailFrom: 'Sojourn <hello@example.com>',
    writeKey: secret(),
    adminKey: secret(),
    publicUrl: 'http://localhost:3000',
    secret: secret(),
    speed: 1,
    logLevel: 'silent',
    metricsPort: 0,
    ...own,
  };
}

function secret(): string {
  return randomBytes(16).toString('hex');
}
