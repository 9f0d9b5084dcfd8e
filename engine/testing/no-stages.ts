import { lifecycle } from '../authoring/lifecycle';

/** The lifecycle of a test that has none. */
export const NO_STAGES = lifecycle({ initial: 'new', rules: [] });
