import type { JsonObject } from './json';
import { getOwn } from './own-property';
import { channelOf } from './consent';
import type { ChannelName, RecordedEvent } from './state';
import {
  FREQUENCIES,
  type Frequency,
  type Preferences,
  type Standing,
  type TopicAnswer,
  type TopicOfMessage,
} from './topic-answer';

/** The names of the events of topics. Their property `topic` says which, and `channel` if it concerns one channel only. */
export const TOPIC_EVENTS = {
  subscribed: 'Topic Subscribed',
  unsubscribed: 'Topic Unsubscribed',
  frequency: 'Topic Frequency Chosen',
  confirm: 'Confirmation Requested',
} as const;

/** How long a yes can be confirmed, milliseconds. */
const CONFIRM_MS = 7 * 86_400_000;

/**
 * What a link confirms in a message that this event led to, and until when, epoch milliseconds.
 * @returns null when the event asks for no confirmation
 */
export function confirmUntil({
  name,
  at,
  properties,
}: Pick<RecordedEvent, 'name' | 'at' | 'properties'>): { readonly topic: string; readonly until: number } | null {
  const { topic } = properties;
  return name === TOPIC_EVENTS.confirm && typeof topic === 'string' ? { topic, until: at + CONFIRM_MS } : null;
}

/** How somebody stands to a topic. */
export function standingOf(preferences: Preferences | undefined, topic: TopicOfMessage): Standing {
  return getOwn(preferences ?? {}, topic.name)?.standing ?? topic.default;
}

/** How often somebody wants a topic. */
export function frequencyOf(preferences: Preferences | undefined, topic: string): Frequency {
  return getOwn(preferences ?? {}, topic)?.frequency ?? 'all';
}

/**
 * Why somebody does not get a topic by a channel, as text for people.
 * @returns null when they get it
 */
export function leftTopic(
  preferences: Preferences | undefined,
  topic: TopicOfMessage,
  channel: ChannelName,
): string | null {
  const standing = standingOf(preferences, topic);
  if (standing === 'pending') return `not confirmed: ${topic.name}`;
  if (standing === 'out')
    return getOwn(preferences ?? {}, topic.name)?.standing === 'out'
      ? `unsubscribed from ${topic.name}`
      : `not subscribed to ${topic.name}`;
  const byChannel = getOwn(preferences ?? {}, topic.name)?.channels;
  return byChannel?.[channel] === false ? `unsubscribed from ${topic.name} by ${channel}` : null;
}

/** All that {@link leftTopic} may say. */
export function leftTopicReasons({ name }: TopicOfMessage, channels: readonly ChannelName[]): string[] {
  return [
    `unsubscribed from ${name}`,
    `not subscribed to ${name}`,
    `not confirmed: ${name}`,
    ...channels.map((channel) => `unsubscribed from ${name} by ${channel}`),
  ];
}

/** What somebody chooses of a topic. What is absent stays as it is. */
export interface TopicChoice {
  readonly subscribed?: boolean | undefined;
  readonly channels?: Readonly<Partial<Record<ChannelName, boolean>>> | undefined;
  readonly frequency?: Frequency | undefined;
}

/** What a choice changes, and the events that tell it, in order. */
export interface Chosen {
  readonly answer: TopicAnswer;
  readonly events: readonly { readonly name: string; readonly properties: JsonObject }[];
}

/**
 * Applies a choice. Only what changes is an event. Of a topic with double opt-in a yes is pending, and `Confirmation Requested` asks for
 * its confirmation, each time that it is said.
 * @param confirms the yes needs a confirmation
 */
export function choose(
  topic: string,
  before: TopicAnswer | undefined,
  { subscribed, channels = {}, frequency }: TopicChoice,
  { confirms }: { readonly confirms: boolean },
): Chosen {
  const events: { name: string; properties: JsonObject }[] = [];
  const tell = (name: string, properties: JsonObject = {}): void =>
    void events.push({ name, properties: { topic, ...properties } });
  let answer = before ?? {};
  if (subscribed === false && answer.standing !== 'out') {
    answer = { ...answer, standing: 'out' };
    tell(TOPIC_EVENTS.unsubscribed);
  }
  if (subscribed === true && answer.standing !== 'in') {
    answer = { ...answer, standing: confirms ? 'pending' : 'in' };
    tell(confirms ? TOPIC_EVENTS.confirm : TOPIC_EVENTS.subscribed);
  }
  for (const [channel, agrees] of Object.entries(channels) as [ChannelName, boolean][]) {
    if (answer.channels?.[channel] === agrees || (answer.channels?.[channel] === undefined && agrees)) continue;
    answer = { ...answer, channels: { ...answer.channels, [channel]: agrees } };
    tell(agrees ? TOPIC_EVENTS.subscribed : TOPIC_EVENTS.unsubscribed, { channel });
  }
  if (frequency !== undefined && frequency !== (answer.frequency ?? 'all')) {
    answer = { ...answer, frequency };
    tell(TOPIC_EVENTS.frequency, { frequency });
  }
  return { answer, events };
}

/** Confirms a yes that is pending. An answer that is not pending stays as it is. */
export function confirmed(topic: string, before: TopicAnswer | undefined): Chosen {
  if (before?.standing !== 'pending') return { answer: before ?? {}, events: [] };
  return {
    answer: { ...before, standing: 'in' },
    events: [{ name: TOPIC_EVENTS.subscribed, properties: { topic } }],
  };
}

/** What somebody has answered after an event of a topic. Any other event changes nothing. */
export function afterEvent(
  preferences: Preferences,
  { name, properties }: { readonly name: string; readonly properties: JsonObject },
): Preferences {
  const { topic, frequency } = properties;
  if (typeof topic !== 'string') return preferences;
  const before = getOwn(preferences, topic) ?? {};
  // It may be a channel of the team's own, also one that has gone since.
  const channel = channelOf({ properties });
  const agreed = (agrees: boolean): TopicAnswer =>
    channel === undefined
      ? { ...before, standing: agrees ? 'in' : 'out' }
      : { ...before, channels: { ...before.channels, [channel]: agrees } };
  const answer = ((): TopicAnswer | null => {
    if (name === TOPIC_EVENTS.subscribed) return agreed(true);
    if (name === TOPIC_EVENTS.unsubscribed) return agreed(false);
    if (name === TOPIC_EVENTS.confirm) return { ...before, standing: 'pending' };
    const chosen = FREQUENCIES.find((one) => one === frequency);
    return name === TOPIC_EVENTS.frequency && chosen ? { ...before, frequency: chosen } : null;
  })();
  return answer === null ? preferences : { ...preferences, [topic]: answer };
}
