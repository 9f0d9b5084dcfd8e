/** Shared by all projects. Files are transpiled without type checks, which are done by `npm run typecheck`. */
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
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.sojourn/', '<rootDir>/sdk/browser/dist/'],
};

/** For tests that need PostgreSQL or Temporal. Both are started once for all tests. */
const onTheStack = {
  ...shared,
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
};

/** Tests of pure code, in the same folders as the code. They need no server. */
const PURE = ['engine', 'journeys', 'examples', 'project', 'config', 'sdk'].map(
  (folder) => `<rootDir>/${folder}/**/*.test.ts`,
);
const CHAOS = '<rootDir>/test/chaos/**/*.test.ts';

/** @type {import('jest').Config} */
module.exports = {
  maxWorkers: 2,
  // Jest leaves one AsyncLocalStorage behind per test file, and Node 20 visits all of them at each promise. After 200 files, the same
  // test took 50 times as long. So a worker process is replaced after some files.
  workerIdleMemoryLimit: '250MB',
  // Long, because the machine may be busy. No test asserts how fast the code is.
  testTimeout: 600_000,
  projects: [
    { ...shared, displayName: 'pure', testMatch: PURE },
    {
      ...onTheStack,
      displayName: 'stack',
      testMatch: ['<rootDir>/**/*.test.ts'],
      testPathIgnorePatterns: [
        '/node_modules/',
        '<rootDir>/(engine|journeys|examples|project|config|sdk)/',
        '<rootDir>/test/chaos/',
      ],
    },
    {
      ...onTheStack,
      displayName: 'chaos',
      testMatch: [CHAOS],
      setupFilesAfterEnv: ['<rootDir>/test/support/patience.ts'],
    },
  ],
};
