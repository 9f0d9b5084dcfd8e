/** Addresses of the servers and files that all tests share. */
export interface Rig {
  /** URL of the shared PostgreSQL's administrative database. */
  readonly postgres: string;
  /** host:port of the shared Temporal server. */
  readonly temporal: string;
  /** File of the bundled workflows. */
  readonly bundle: string;
}

/** The migrated database from which test databases are cloned. */
export const TEMPLATE_DATABASE = 'template_sojourn';

/** Returns what the global setup started. */
export function rig(): Rig {
  const { SOJOURN_TEST_RIG } = process.env;
  if (!SOJOURN_TEST_RIG) throw new Error('This test needs the stack: jest.config.js lists which folders get it.');
  return JSON.parse(SOJOURN_TEST_RIG) as Rig;
}
