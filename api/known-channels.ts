import type { DefinitionsProvider } from '../engine/definitions/definitions';
import type { ChannelSpec } from '../engine/model/channels';
import { personalChannels, type Consent } from '../engine/model/consent';
import { pointerTo, type FieldError } from './pointer';

/** The channels that reach people, in their order. Those of the team's own are in the definitions. */
export function knownChannels({ current: { channels } }: Pick<DefinitionsProvider, 'current'>): readonly ChannelSpec[] {
  return personalChannels(channels);
}

/** An error for each answer about a channel that does not exist, or reaches no people. @param pointer to the answers */
export function unknownChannels(answers: Consent, known: readonly ChannelSpec[], pointer: string): FieldError[] {
  const names = known.map(({ name }) => name);
  return Object.keys(answers)
    .filter((channel) => !names.includes(channel))
    .map((channel) => ({
      pointer: pointerTo(pointer, [channel]),
      detail: `is no channel that reaches people: there are ${names.join(', ')}`,
    }));
}
