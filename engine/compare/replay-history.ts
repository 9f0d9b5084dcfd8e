import { compile } from '../outline/compile';
import { replayLife, type LivedEvent } from './life';
import { type Sources } from '../definitions/definitions';
import type { JsonObject } from '../model/json';
import type { ChannelName, Message, Run } from '../model/state';
import { formatDecisions } from '../testing/formatting';
import { lifecycle } from '../authoring/lifecycle';
import { policy } from '../policy/define';

/** Something a person did, as `sojourn export-test` writes it. Moments are ISO 8601. */
export interface PastEvent {
  readonly at: string;
  /** When it was heard of. Default: at once. */
  readonly receivedAt?: string;
  readonly name: string;
  readonly properties?: JsonObject;
  /** The call it came by, as in Segment's spec, or what of our own it is. Default `track`. */
  readonly type?: string;
  /** False where it only happened to the person. Default: they did it. */
  readonly active?: boolean;
  /** What a call's answer refers to. Default: its number. */
  readonly id?: string;
}

/** A person's past, as `sojourn export-test` writes it. */
export interface Past {
  readonly id: string;
  readonly createdAt: string;
  readonly traits?: JsonObject;
  readonly consent?: Partial<Record<ChannelName, boolean>>;
  readonly hasPush?: boolean;
  readonly events: readonly PastEvent[];
}

/** What became of somebody. */
export interface ReplayedUser {
  /** What was decided in a journey, a line each. */
  story(journey: string): string[];
  /** The messages of a journey that went out, in order. */
  sent(journey: string): readonly Message[];
  readonly runs: readonly Run[];
}

/**
 * Lives a person's past again in virtual time, under the given journeys: the engine and policy of production.
 * @param until ISO 8601
 */
export async function replayHistory(
  past: Past,
  sources: Pick<Sources, 'journeys'> & Partial<Sources>,
  until: string,
): Promise<ReplayedUser> {
  const { id, createdAt, traits = {}, consent = {}, hasPush = false, events } = past;
  const definitions = await compile({
    lifecycle: lifecycle({ initial: 'new', rules: [] }),
    policy: policy(),
    traits: {},
    ...sources,
  });
  const life = { id, createdAt: Date.parse(createdAt), traits, consent, hasPush, events: events.map(lived) };
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

function lived(event: PastEvent, index: number): LivedEvent {
  const { at, receivedAt = at, name, properties = {}, type = 'track', active = true, id = String(index + 1) } = event;
  return { id, type, name, at: Date.parse(at), receivedAt: Date.parse(receivedAt), properties, active };
}
