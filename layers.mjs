/**
 * What each folder may import of ours, beside itself. Arrows point one way. Lint holds them, and the table of CONTRIBUTING.md
 * says the same: a test compares the two.
 *
 * A key is a folder from the root. `sojourn` is the package by its own name: what `index.ts` and `testing.ts` export.
 */
export const LAYERS = {
  journeys: ['sojourn'],
  examples: ['sojourn'],
  project: ['sojourn'],
  engine: [],
  workflows: ['engine', 'activities'],
  activities: ['engine', 'store', 'temporal', 'config', 'workflows'],
  temporal: ['engine', 'config', 'workflows'],
  store: ['engine'],
  api: ['engine', 'store', 'config', 'look'],
  config: ['engine'],
  sdk: ['look'],
  look: [],
  migrations: [],
};

/** What teams write: their tests, too, import only the package. */
export const AUTHORED = ['journeys', 'examples', 'project'];

/** Of what these may import, they may import types only. */
export const TYPES_ONLY = ['workflows'];

/** The files that are the package `sojourn`. */
export const PACKAGE = ['index.ts', 'testing.ts'];

/** The rooms of `engine/`, lowest first. Each may import the rooms before it, types included. */
export const ROOMS = [
  'model',
  'chats',
  'topics',
  'authoring',
  'policy',
  'flags',
  'definitions',
  'user',
  'replay',
  'outline',
  'advance',
  'testing',
  'json',
  'explore',
  'compare',
  'preview',
  'simulate',
];
