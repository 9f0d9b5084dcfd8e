import type { ChannelName } from '../model/state';
import { collisionsOf } from './collisions';
import type { SimulatedLife } from './course';

/** Something that is counted for each person. */
export type Measure =
  /** Messages received. */
  | { readonly of: 'messages' }
  | { readonly of: 'messages by channel'; readonly channel: ChannelName }
  | { readonly of: 'messages by journey'; readonly journey: string }
  | {
      readonly of: 'messages by step';
      readonly journey: string;
      readonly step: string;
      readonly channel: ChannelName;
    }
  /** Entries into a journey. */
  | { readonly of: 'entries'; readonly journey: string }
  /** Entries that reached the goal. */
  | { readonly of: 'goals'; readonly journey: string }
  /** Messages that a cap kept from a channel. */
  | { readonly of: 'collisions'; readonly journey: string }
  /** Messages that were not sent, whatever the reason. */
  | { readonly of: 'unsent'; readonly journey: string }
  /** Messages that waited for quiet hours to end. */
  | { readonly of: 'nights'; readonly journey: string }
  /** Messages by which the person opted out of a channel. */
  | { readonly of: 'opt-outs'; readonly channel: ChannelName };

/** The counts of one person, by the measure as text. What is 0 is left out. */
export type Measured = ReadonlyMap<string, number>;

/** Takes the measures of a life. */
export function measuresOf(life: SimulatedLife): Measured {
  const counts = new Map<string, number>();
  const add = (measure: Measure): void => {
    const key = JSON.stringify(measure);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  };
  const { host, held, reactions } = life;
  for (const { journey, step, channel, status } of host.messages.values()) {
    if (status === 'suppressed') add({ of: 'unsent', journey });
    if (status !== 'queued') continue;
    add({ of: 'messages' });
    add({ of: 'messages by channel', channel });
    add({ of: 'messages by journey', journey });
    add({ of: 'messages by step', journey, step, channel });
  }
  const overNight = held.filter(({ hold }) => hold === 'quiet hours').map(({ id, journey }) => [id, journey] as const);
  for (const journey of new Map(overNight).values()) add({ of: 'nights', journey });
  for (const { journey } of collisionsOf(life)) add({ of: 'collisions', journey });
  for (const { journey, goalAt } of host.runs) {
    add({ of: 'entries', journey });
    if (goalAt !== null) add({ of: 'goals', journey });
  }
  for (const { message, what } of reactions)
    if (what === 'opted out') add({ of: 'opt-outs', channel: message.channel });
  return counts;
}
