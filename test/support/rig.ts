/** Where the setup put what all tests share. */
export interface Rig {
  /** A database of the shared PostgreSQL to administer others from. */
  readonly postgres: string;
  /** host:port of the shared Temporal server. */
  readonly temporal: string;
  /** File of the bundled workflows. */
  readonly bundle: string;
}

/** The migrated database the tests' own are cloned from. */
export const TEMPLATE_DATABASE = 'template_sojourn';

/** Finds what the setup brought up. */
export function rig(): Rig {
  const { SOJOURN_TEST_RIG } = process.env;
  if (!SOJOURN_TEST_RIG) throw new Error('This test needs the stack: jest.config.js lists which folders get it.');
  return JSON.parse(SOJOURN_TEST_RIG) as Rig;
}
