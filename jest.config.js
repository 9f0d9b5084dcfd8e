/** Transpiles one file at a time; types are checked by `npm run typecheck`. */
const shared = {
  testEnvironment: 'node',
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  // Our own package, by its name, as journeys import it.
  moduleNameMapper: { '^sojourn$': '<rootDir>/index.ts', '^sojourn/testing$': '<rootDir>/testing.ts' },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.sojourn/'],
};

/** Tests that need PostgreSQL or Temporal; both are brought up once for all of them. */
const onTheStack = {
  ...shared,
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
};

/** Pure code, tested beside it: needs no server. */
const PURE = ['engine', 'journeys', 'config'].map((folder) => `<rootDir>/${folder}/**/*.test.ts`);
const CHAOS = '<rootDir>/test/chaos/**/*.test.ts';

/** @type {import('jest').Config} */
module.exports = {
  maxWorkers: 2,
  // A machine may be busy; no test asserts how fast anything is.
  testTimeout: 600_000,
  projects: [
    { ...shared, displayName: 'pure', testMatch: PURE },
    {
      ...onTheStack,
      displayName: 'stack',
      testMatch: ['<rootDir>/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/(engine|journeys|config)/', '<rootDir>/test/chaos/'],
    },
    {
      ...onTheStack,
      displayName: 'chaos',
      testMatch: [CHAOS],
      setupFilesAfterEnv: ['<rootDir>/test/support/patience.ts'],
    },
  ],
};
