/** @type {import('jest').Config} */
module.exports = {
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  // What `npx sojourn build` writes, and what `npx sojourn dev` keeps.
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.sojourn/'],
};
