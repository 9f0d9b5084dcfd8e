/**
 * No import circles, types included. Lint can't see those that consist of types; which folder may import which is in
 * `layers.mjs`, which lint enforces.
 * @type {import('dependency-cruiser').IConfiguration}
 */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'Split the module that is imported from both sides: its types, or what both need, go below.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    exclude: { path: '(^|/)(node_modules|dist|[.]sojourn)/' },
  },
};
