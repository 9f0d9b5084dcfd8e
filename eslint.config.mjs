import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { defineConfig } from 'eslint/config';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';
import { AUTHORED, LAYERS, PACKAGE, ROOMS, TYPES_ONLY } from './layers.mjs';

/** Only what a person starts by hand may bring up servers. */
const FOR_DEVELOPMENT = ['dev', 'bench', 'test'];

const FROM_THE_PACKAGE =
  "Import from 'sojourn', and in tests from 'sojourn/testing': journeys know nothing else of ours.";

/** Of a layer's own files; its tests may import what they like, but for those that are an author's. */
const filesOf = (folder) => (AUTHORED.includes(folder) ? `./${folder}/**/*.ts` : `./${folder}/**/!(*.test).ts`);

const zones = Object.entries(LAYERS).map(([folder, allowed]) => ({
  target: filesOf(folder),
  from: './',
  except: [folder, ...allowed.flatMap((name) => (name === 'sojourn' ? PACKAGE : [name])), 'node_modules'].map(
    (path) => `./${path}`,
  ),
  message: AUTHORED.includes(folder)
    ? FROM_THE_PACKAGE
    : `${folder}/ may import of ours: ${allowed.join(', ') || 'nothing'}.`,
}));

const rooms = ROOMS.map((room, index) => ({
  // The helpers of the property tests stand in a folder of `testing/`, and may import what tests may.
  target: room === 'testing' ? './engine/testing/!(*.test).ts' : `./engine/${room}/**/!(*.test).ts`,
  from: './engine',
  except: ROOMS.slice(0, index + 1).map((below) => `./${below}`),
  message: `engine/${room} may import of the engine: ${ROOMS.slice(0, index).join(', ') || 'nothing'}.`,
}));

export default defineConfig(
  // The sides of the bench on other engines need packages that only the bench installs.
  { ignores: ['**/dist/', 'node_modules/', '.sojourn/', 'coverage/', 'bench/rivals/dbos/', 'bench/rivals/restate/'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    settings: {
      'import-x/resolver-next': [
        createNodeResolver({
          extensions: ['.ts', '.js', '.json'],
          // Where `sojourn` is.
          tsconfig: { configFile: join(import.meta.dirname, 'tsconfig.json') },
        }),
      ],
    },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones: [...zones, ...rooms] }],
      'max-lines': ['error', { max: 220, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/no-unnecessary-type-arguments': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // An interface may promise what one implementation has at once.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  ...TYPES_ONLY.map((folder) => ({
    files: [`${folder}/**/*.ts`],
    rules: {
      // Replayed code: an edit of anything of ours that came into the bundle could change a replay.
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { patterns: [{ group: ['../*'], allowTypeImports: true, message: `${folder}/ imports types only.` }] },
      ],
    },
  })),
  {
    files: ['workflows/**/*.ts'],
    rules: {
      // Its modules are evaluated once for all users: what they kept would be everybody's.
      'no-restricted-syntax': [
        'error',
        ...[
          ':matches(Program, ExportNamedDeclaration) > VariableDeclaration[kind!="const"]',
          ':matches(Program, ExportNamedDeclaration) > VariableDeclaration > VariableDeclarator > :matches(NewExpression, ArrayExpression, ObjectExpression, TSAsExpression, TSSatisfiesExpression)',
          'PropertyDefinition[static=true]',
        ].map((selector) => ({ selector, message: 'A module of the workflow keeps nothing.' })),
      ],
    },
  },
  {
    files: ['engine', ...AUTHORED].map((folder) => `${folder}/**/*.ts`),
    // The services are called by `j.call`, outside the engine.
    ignores: ['engine/model/clock.ts', 'examples/services.ts', '{journeys,examples}/*channels/*.ts', '**/*.test.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'All time comes from the injected clock.' },
        { object: 'Math', property: 'random', message: 'The same input gives the same result.' },
      ],
      'no-restricted-imports': [
        'error',
        {
          paths: [...builtinModules, 'pg', 'knex', 'express', 'nodemailer'].map((name) => ({
            name,
            message: 'No I/O here.',
          })),
          patterns: [{ group: ['node:*', '!node:crypto'], message: 'No I/O here.' }],
        },
      ],
      'no-restricted-globals': ['error', { name: 'fetch', message: 'No I/O here.' }],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
          message: 'All time comes from the injected clock.',
        },
      ],
    },
  },
  {
    // The layers let these files be imported, since that is what the package's name leads to.
    files: AUTHORED.map((folder) => `${folder}/**/*.ts`),
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^(\\.\\./)+(index|testing)$', message: FROM_THE_PACKAGE }] },
      ],
    },
  },
  {
    files: [
      '*.ts',
      'activities/**/*.ts',
      'api/**/*.ts',
      'config/**/*.ts',
      'store/**/*.ts',
      'temporal/**/*.ts',
      'migrations/**/*.ts',
    ],
    ignores: ['start.ts', '**/*.test.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: FOR_DEVELOPMENT.map((folder) => ({
            group: [`**/${folder}/**`],
            message: 'Not in production code.',
          })),
        },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'VariableDeclarator[init.argument.type="ImportExpression"][init.argument.source.value=/^[a-z@]/] > ObjectPattern > Property[key.name!="default"]',
          message: 'Compiled, an import of a CommonJS package may have its default export alone. Take that.',
        },
      ],
    },
  },
  {
    files: ['start.ts', 'config/run-alone.ts', 'cli/**/*.ts', 'dev/**/*.ts', 'bench/**/*.ts', 'test/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.test.ts'],
    rules: {
      'max-lines': 'off',
      // `expect(object.method)`, and matchers such as `expect.any()`, whose type is any.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
  {
    files: ['**/*.js'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: { module: 'readonly', require: 'readonly', __dirname: 'readonly', process: 'readonly' },
    },
  },
);
