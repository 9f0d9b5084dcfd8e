/** What a team imports to define journeys: `import { journey, event } from 'sojourn'`. */
export {
  event,
  activity,
  allOf,
  anyOf,
  type AllOf,
  type AnyOf,
  type CatalogueEvent,
  type EventDefinition,
  type EventOptions,
  type Forgetting,
  type Occurrence,
  type OccurrenceOf,
  type OccurrencesOf,
} from './authoring/event';
export {
  email,
  push,
  slack,
  sms,
  teams,
  voice,
  webhook,
  webPush,
  whatsApp,
  type ChannelOptions,
  type ChannelSetup,
} from './authoring/channel-setup';
export { ended, type Ended } from './authoring/ended';
export { chatBlocked, chatMessageReceived, chatMessageSent, chatReported, chatSeen } from './authoring/chat-events';
export { consentGiven, subscribed, unsubscribed } from './authoring/consent-events';
export { confirmationRequested, frequencyChosen, topicSubscribed, topicUnsubscribed } from './authoring/topic-events';
export { flagExposed } from './authoring/flag-events';
export { answered, answersTo, clicked, dismissed, seen, snoozed, type Surveyed } from './authoring/message-events';
export { channel, type OwnChannelOptions } from './authoring/own-channel';
export type { OwnDelivery, OwnMessage } from './authoring/own-message';
export {
  apns,
  braze,
  endpoint,
  fcm,
  oneSignal,
  postmark,
  resend,
  sendGrid,
  ses,
  slackChannel,
  smtp,
  teamsChannel,
  twilioSms,
  twilioVoice,
  twilioWhatsApp,
} from './authoring/providers';
export type { ProviderOptions, ProviderUse, Setting } from './authoring/provider-use';
export type { Rate } from './model/rate';
export {
  bounced,
  complained,
  delivered,
  failed,
  messageUnsubscribed,
  opened,
  prefetched,
  replied,
} from './authoring/receipt-events';
export type { StepEvent } from './authoring/step-event';
export { traitChanged, type TraitChangeTests } from './authoring/trait-changed';
export {
  journey,
  type AskOptions,
  type AwayMessage,
  type CallContext,
  type ChatOpening,
  type ChatPerson,
  type CollectOptions,
  type EnteredBy,
  type ExitOptions,
  type Facts,
  type CallOptions,
  type InstantOptions,
  type Journey,
  type Keyed,
  type JourneyOptions,
  type PickOptions,
  type Question,
  type Redirection,
  type Reenter,
  type Repeated,
  type Fallback,
  type SendOptions,
  type SendOutcome,
  type StartOptions,
  type StartOutcome,
  type StartRefusal,
  type Steps,
  type TrackTo,
  type UserFacts,
  type WaitOptions,
} from './authoring/journey';
export { lifecycle, type Lifecycle, type StageRule } from './authoring/lifecycle';
export { chats } from './chats/define';
export type { Chat, ChatOptions, ChatRole, ChatRoleOptions, Chats } from './chats/chat';
export { topics } from './topics/define';
export type { Topic, TopicOptions, Topics } from './topics/topic';
export type { Frequency } from './model/topic-answer';
export { flags } from './flags/define';
export type { Flag, FlagCondition, FlagRule, Flags, FlagValue, FlagVariant } from './flags/flag';
export { policy, type ChannelHours, type InAppCap, type Policy, type PolicyOptions } from './policy/define';
export type { Holidays, HolidaysOption } from './policy/holidays';
export type { Cap } from './policy/spans';
export {
  after,
  at,
  before,
  every,
  inactivity,
  manual,
  milestone,
  stage,
  yearly,
  type CalendarTrigger,
  type DateTrigger,
  type InactivityTrigger,
  type ManualTrigger,
  type MilestoneTrigger,
  type StageTrigger,
} from './user/triggers';
export type { AskedEvents, Did, DoneEvent, EventsDone, Within } from './authoring/did';
export type { Group, GroupMember, GroupMembers, GroupOf, MembersWanted } from './authoring/groups';
export type { Comparison, Filter, Scalar, Test, Tests, TestsOf } from './authoring/filter';
export type { Trigger } from './authoring/trigger';
export type { StandardIssue, StandardResult, StandardSchema } from './authoring/standard-schema';
export type { QuestionChoice } from './authoring/question';
export type { Duration } from './model/duration';
export type { Json, JsonObject } from './model/json';
export type { Localized } from './model/localized';
export type { LocalHours, LocalMoment, LocalTime, LocalTimeInTrait, LocalWindow, Weekday } from './model/zone';
export type { Offset, Time, When } from './model/instant';
export type { TraitChange } from './model/trait-change';
export { trait, type TraitTime } from './model/trait-time';
export {
  population,
  type Behavior,
  type Consequence,
  type Persona,
  type Population,
  type PopulationOptions,
  type Reaction,
} from './simulate/population';
export type { ChannelName } from './model/state';
/** @deprecated The names these types had before. */
export type { Behavior as Deed, Persona as Kind } from './simulate/population';
