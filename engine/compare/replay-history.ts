import { compile } from '../outline/compile';
import { replayLife, type LivedEvent } from './life';
import { type Sources } from '../definitions/definitions';
import type { JsonObject } from '../model/json';
import type { ChannelName, Message, Run } from '../model/state';
import type { Preferences } from '../model/topic-answer';
import { formatDecisions } from '../testing/formatting';
import { lifecycle } from '../authoring/lifecycle';
import { policy } from '../policy/define';

/** An event of a person's history, in the form that `sojourn export-test` writes. Times are ISO 8601. */
export interface PastEvent {
  readonly at: string;
  /** When the event was received. Default: at once. */
  readonly receivedAt?: string;
  readonly name: string;
  readonly properties?: JsonObject;
  /** The type of its API call in Segment's spec, or `internal`. Default `track`. */
  readonly type?: string;
  /** False for an event that only happened to the person. Default: true. */
  readonly active?: boolean;
  /** The event's id; the answer of a call may refer to it. Default: the event's position, counted from 1. */
  readonly id?: string;
}

/** A person's history, in the form that `sojourn export-test` writes. */
export interface Past {
  readonly id: string;
  readonly createdAt: string;
  readonly traits?: JsonObject;
  readonly consent?: Partial<Record<ChannelName, boolean>>;
  readonly topics?: Preferences;
  readonly hasPush?: boolean;
  readonly hasDevice?: boolean;
  readonly events: readonly PastEvent[];
}

/** The result of a replay. */
export interface ReplayedUser {
  /** The decisions in a journey, one per line. */
  story(journey: string): string[];
  /** The messages of a journey that went out, in order. */
  sent(journey: string): readonly Message[];
  /** All runs; those that ended come first. */
  readonly runs: readonly Run[];
}

/**
 * Replays a person's history in virtual time, under the given journeys, with the production engine.
 * @param sources what to replay under. Default for all but `journeys`: no stages, the default policy, no traits
 * @param until the end of the replay, ISO 8601
 */
export async function replayHistory(
  past: Past,
  sources: Pick<Sources, 'journeys'> & Partial<Sources>,
  until: string,
): Promise<ReplayedUser> {
  const { id, createdAt, traits = {}, consent = {}, topics, hasPush = false, hasDevice = false, events } = past;
  const definitions = await compile({
    lifecycle: lifecycle({ initial: 'new', rules: [] }),
    policy: policy(),
    traits: {},
    ...sources,
  });
  const profile = { id, createdAt: Date.parse(createdAt), traits, consent, topics, hasPush, hasDevice };
  const life = { ...profile, events: events.map(toLivedEvent) };
  const host = await replayLife(life, definitions, Date.parse(until));
  return {
    story: (journey) => formatDecisions(host.decisions, journey),
    sent: (journey) =>
      [...host.messages.values()]
        .filter((message) => message.journey === journey && message.status === 'queued')
        .sort((a, b) => a.decidedAt - b.decidedAt),
    runs: host.runs,
  };
}

function toLivedEvent(event: PastEvent, index: number): LivedEvent {
  const { at, receivedAt = at, name, properties = {}, type = 'track', active = true, id = String(index + 1) } = event;
  return { id, type, name, at: Date.parse(at), receivedAt: Date.parse(receivedAt), properties, active };
}
