import { capOn } from '../policy/decide';
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
  /** The ids of the journeys that had used up the cap. */
  readonly winners: readonly string[];
}

/** Lists every message of a life that a cap blocked on a channel, with the journeys that had used up the cap. */
export function collisionsOf({ host: { runs, messages, definitions } }: SimulatedLife): Collision[] {
  const all = [...messages.values()];
  const sent = all.filter(({ status }) => status === 'queued');
  const transactionalSteps = new Set(
    all.filter(({ transactional }) => transactional).map(({ runId, step }) => `${runId} ${step}`),
  );
  return runs.flatMap(({ id, journey, journal }) =>
    journal.flatMap((record) =>
      cappedChannels(record).flatMap(({ channel, at }) => {
        const transactional = transactionalSteps.has(`${id} ${record.step}`);
        const cap = capOn(definitions.policy, before(sent, at), { channel, transactional }, at);
        if (cap === null) return [];
        const winners = journeysOf(sent, cap.counted);
        return [{ journey, channel, cap: cap.reason, instead: channelUsed(record), winners }];
      }),
    ),
  );
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
    .map(({ decidedAt, channel, transactional }) => ({ at: decidedAt, channel, transactional }));
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
