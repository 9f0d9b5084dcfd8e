import { capOn } from '../policy/caps';
import { personalFacts } from '../policy/person';
import type { Json } from '../model/json';
import { sendOutcome } from '../replay/steps/send-outcome';
import { CHANNELS } from '../model/channels';
import type { ChannelName, Message, SentRecord, StepRecord } from '../model/state';
import type { SimulatedLife } from './course';

/** A cap that blocked a message on a channel. */
export interface Collision {
  readonly journey: string;
  readonly channel: ChannelName;
  /** The cap, in the words of the policy. */
  readonly cap: string;
  /** The channel that was used instead; null when the message was not sent. */
  readonly instead: ChannelName | null;
  /** The ids of the journeys that had used up the cap. None if it was not, but kept a place for a message that was held. */
  readonly winners: readonly string[];
}

/** Lists every message of a life that a cap blocked on a channel, with the journeys that had used up the cap. */
export function collisionsOf({ host: { runs, messages, definitions, state } }: SimulatedLife): Collision[] {
  const { zone } = personalFacts(definitions.policy, state.traits);
  const all = [...messages.values()];
  const sent = all.filter(({ status }) => status === 'queued');
  const transactionalSteps = new Set(
    all.filter(({ transactional }) => transactional).map(({ runId, step }) => `${runId} ${step}`),
  );
  return runs.flatMap(({ id, journey, journal }) =>
    journal.flatMap((record) =>
      cappedChannels(record).flatMap(({ channel, at }) => {
        const transactional = transactionalSteps.has(`${id} ${record.step}`);
        const cap = capOn(
          definitions.policy,
          { sent: before(sent, at), zone },
          { channel, transactional, journey },
          at,
        );
        const instead = channelUsed(record);
        // Without a full cap, a place under it was kept for a message that was held.
        if (cap === null) return [{ journey, channel, cap: textOf(record.facts[channel]), instead, winners: [] }];
        return [{ journey, channel, cap: cap.reason, instead, winners: journeysOf(sent, cap.counted) }];
      }),
    ),
  );
}

function textOf(fact: Json | undefined): string {
  return typeof fact === 'string' ? fact : '';
}

/** The channels on which a cap blocked a decided message, and when. */
function cappedChannels(record: StepRecord): { readonly channel: ChannelName; readonly at: number }[] {
  if (record.status !== 'done') return [];
  const { obstacles = {}, at } = record;
  return CHANNELS.filter((channel) => obstacles[channel] === 'cap').map((channel) => ({ channel, at }));
}

/**
 * The messages that the policy knew of. Those of the same moment count: once a cap is used up, it lets no later message
 * through that it would count.
 */
function before(sent: readonly Message[], at: number): SentRecord[] {
  return sent
    .filter(({ decidedAt }) => decidedAt <= at)
    .map(({ decidedAt, channel, transactional, journey }) => ({ at: decidedAt, channel, transactional, journey }));
}

function journeysOf(sent: readonly Message[], counted: readonly SentRecord[]): string[] {
  const isCounted = ({ decidedAt, channel, transactional }: Message): boolean =>
    counted.some(
      (record) => record.at === decidedAt && record.channel === channel && record.transactional === transactional,
    );
  return [...new Set(sent.filter(isCounted).map(({ journey }) => journey))].sort();
}

function channelUsed(record: StepRecord): ChannelName | null {
  const { status, channel } = sendOutcome(record.status === 'waiting' ? null : record.outcome);
  return status === 'sent' ? channel : null;
}
