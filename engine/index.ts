/** What a team imports to define journeys: `import { journey, event } from 'sojourn'`. */
export { event, activity, anyOf, type EventDefinition, type Occurrence } from './authoring/event';
export {
  journey,
  type Facts,
  type Journey,
  type JourneyOptions,
  type SendOutcome,
  type Steps,
} from './authoring/journey';
export { lifecycle, type Lifecycle, type StageRule } from './authoring/lifecycle';
export { policy, type Policy, type PolicyOptions } from './policy/define';
export { inactivity, manual, milestone, stage } from './user/triggers';
export type { Trigger } from './authoring/trigger';
export type { Duration } from './model/duration';
export type { Json, JsonObject } from './model/json';
export {
  population,
  type Behavior,
  type Persona,
  type Population,
  type PopulationOptions,
  type Reaction,
} from './simulate/population';
export type { ChannelName } from './model/state';
/** @deprecated The names these types had before. */
export type { Behavior as Deed, Persona as Kind } from './simulate/population';
