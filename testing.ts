/** For tests of journeys: `import { traveller } from 'sojourn/testing'`, a person in virtual time. */
export { traveller, Traveller, type TravellerOptions } from './engine/testing/traveller';
/** For tests made by `sojourn export-test`: a person's recorded history, replayed. */
export { replayHistory, type ReplayedUser, type Past, type PastEvent } from './engine/compare/replay-history';
/** @deprecated The names these had before; tests exported earlier use them. */
export { replayHistory as livePast, type ReplayedUser as Lived } from './engine/compare/replay-history';
/** Every path of a journey, and what is wrong with it: `expect((await explore(onboarding)).defects).toEqual([])`. */
export { explore, type Defect, type Exploration, type ExploreOptions } from './engine/explore';
/** Many people under all journeys: `expect((await simulate(journeys, people, { with: rules })).collisions).toEqual([])`. */
export { simulate, type SimulateOptions } from './engine/simulate';
export type { Simulation } from './engine/simulate/simulation';
/** What an edit would have changed in lives of the past: `(await backtest(lives, before, after, period)).totals`. */
export { backtest, type Backtest, type Period } from './engine/compare/backtest';
export { type Life, type LivedEvent } from './engine/compare/life';
/** The journeys of a folder, whole: for `backtest`. */
export { loadDefinitions, type LoadedDefinitions } from './config/definitions';
