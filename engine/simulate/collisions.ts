import { capOn } from '../policy/decide';
import { sendOutcome } from '../replay/steps/send';
import { CHANNELS, type ChannelName, type Message, type SentRecord, type StepRecord } from '../model/state';
import type { SimulatedLife } from './course';

/** A message that a cap kept from a channel. */
export interface Collision {
  readonly journey: string;
  readonly channel: ChannelName;
  /** The cap, as the policy puts it. */
  readonly cap: string;
  /** The channel that was taken instead; null where nothing was sent. */
  readonly instead: ChannelName | null;
  /** The journeys whose messages had used the cap up, by id. */
  readonly winners: readonly string[];
}

/** Every message of a life that a cap kept from a channel, and whose messages had used the cap up. */
export function collisionsOf({ host: { runs, messages, definitions } }: SimulatedLife): Collision[] {
  const sent = [...messages.values()].filter(({ status }) => status === 'queued');
  return runs.flatMap(({ journey, journal }) =>
    journal.flatMap((record) =>
      cappedChannels(record).flatMap(({ channel, at }) => {
        const cap = capOn(definitions.policy, before(sent, at), channel, at);
        if (cap === null) return [];
        return [{ journey, channel, cap: cap.reason, instead: taken(record), winners: whose(sent, cap.counted) }];
      }),
    ),
  );
}

/** The channels that a cap kept a decided message from, and when. */
function cappedChannels(record: StepRecord): { readonly channel: ChannelName; readonly at: number }[] {
  if (record.status !== 'done') return [];
  const { obstacles = {}, at } = record;
  return CHANNELS.filter((channel) => obstacles[channel] === 'cap').map((channel) => ({ channel, at }));
}

/** What the policy knew of. Of the same moment nothing went out later that the cap would have counted: it let nothing through. */
function before(sent: readonly Message[], at: number): SentRecord[] {
  return sent
    .filter(({ decidedAt }) => decidedAt <= at)
    .map(({ decidedAt, channel, transactional }) => ({ at: decidedAt, channel, transactional }));
}

function whose(sent: readonly Message[], counted: readonly SentRecord[]): string[] {
  const isCounted = ({ decidedAt, channel, transactional }: Message): boolean =>
    !transactional && counted.some((record) => record.at === decidedAt && record.channel === channel);
  return [...new Set(sent.filter(isCounted).map(({ journey }) => journey))].sort();
}

function taken(record: StepRecord): ChannelName | null {
  const { status, channel } = sendOutcome(record.status === 'waiting' ? null : record.outcome);
  return status === 'sent' ? channel : null;
}
