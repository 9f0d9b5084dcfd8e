/** For tests of journeys: `import { traveller } from 'sojourn/testing'`, a person in virtual time; `travellers` for several. */
export { traveller, travellers, Traveller } from './engine/testing/traveller';
export type {
  FirstTravellerOptions,
  FurtherTravellerOptions,
  TravellerOptions,
} from './engine/testing/traveller-options';
export { takes, type CallStandIn } from './engine/testing/takes';
export { templatesIn } from './cli/templates-in';
export type { MailboxMessage, Render } from './engine/testing/mailbox';
/** What a person in virtual time answers with. */
export type {
  DecidedRecord,
  Decision,
  DoneRecord,
  Hold,
  Message,
  Obstacle,
  RecordedEvent,
  Run,
  RunEnd,
  RunFailure,
  RunStatus,
  SkipCause,
  SkippedRecord,
  StepKind,
  StepRecord,
  SuppressCause,
  WaitingRecord,
} from './engine/model/state';
export type { Card } from './engine/model/card';
export type { Conversation } from './engine/testing/conversations';
export type { TrackedEvent } from './engine/model/tracked';
/** Journeys, stages, policy and traits, as `with` takes them. */
export type { Sources } from './engine/definitions/definitions';
/** For tests made by `sojourn export-test`: a person's recorded history, replayed. */
export { replayHistory, type ReplayedUser, type Past, type PastEvent } from './engine/compare/replay-history';
/** @deprecated The names these had before; tests exported earlier use them. */
export { replayHistory as livePast, type ReplayedUser as Lived } from './engine/compare/replay-history';
/** Every path of a journey, and what is wrong with it: `expect((await explore(onboarding)).defects).toEqual([])`. */
export { explore } from './cli/explore-journey';
export type { Defect, DefectKind, Exploration, ExploreOptions } from './engine/explore';
export type { TreeEnd, TreeStep, TreeWay } from './engine/explore';
export type { CheckTemplate, TemplateContext, TemplateUse } from './engine/definitions/template-use';
/** The same of all journeys of a folder, with the rules and templates beside them: `await exploreAll('journeys')`. */
export { exploreAll } from './cli/explore-all';
/** Many people under all journeys: `expect((await simulate(journeys, people, { with: rules })).collisions).toEqual([])`. */
export { simulate, type SimulateOptions } from './engine/simulate';
export type { Simulation } from './engine/simulate/simulation';
export type { ChannelReport } from './engine/simulate/channel-report';
export type { JourneyReport } from './engine/simulate/journey-report';
/** What an edit would have changed in lives of the past: `(await backtest(lives, before, after, period)).totals`. */
export { backtest, type Backtest, type Period } from './engine/compare/backtest';
export type { Difference, DifferenceKind } from './engine/compare/difference';
export { type Life, type LivedEvent } from './engine/compare/life';
/** The journeys of a folder, whole: for `backtest`. */
export { loadDefinitions, type LoadedDefinitions } from './config/definitions';
