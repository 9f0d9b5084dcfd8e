import { messageId } from '../../model/ids';
import { copyOf, type JsonObject } from '../../model/json';
import { MAX_HOPS, MAX_TRAITS_BYTES } from '../../model/limits';
import { withSource } from '../../model/tracked';
import { changesOf, type ChangedTrait } from '../../model/trait-change';
import { setTraits } from '../../user/draft';
import type { StepContext } from '../context';
import { hopsSoFar } from './hops';
import { instant, SILENT, type StepCall, type StepType } from './step-type';

/** Sets traits of the user. A change that a journey watches is an event, as if the app had made it. */
function set(traits: JsonObject): StepCall<void> {
  const text = Object.keys(traits).join(', ');
  return instant({ kind: 'set', text, ...SILENT }, (context) => {
    const { draft, definitions } = context;
    const changes = changesOf(draft.traits, copyOf(traits), definitions.watchedTraits);
    if (!setTraits(draft, copyOf(traits))) {
      const limit = `not set: traits are kept up to ${MAX_TRAITS_BYTES / 1024} KB`;
      return { outcome: copyOf(traits), reason: limit };
    }
    const isTold = tell(context, changes);
    const untold = `${text}; no journey is told: ${MAX_HOPS} events in a row were tracked by journeys`;
    return { outcome: copyOf(traits), reason: isTold ? text : untold };
  });
}

/** Tracks the changes for the user. Returns false if journeys only answer one another, and so nothing is tracked. */
function tell(context: StepContext, changes: readonly ChangedTrait[]): boolean {
  const { draft, run, step, wallTime } = context;
  const hops = hopsSoFar(context) + 1;
  if (changes.length > 0 && hops > MAX_HOPS) return false;
  for (const { name, properties } of changes) {
    const id = messageId(run.id, `${step}\n${name}`);
    const source = { journey: run.journey, step, hops };
    draft.tracked.push({ id, userId: draft.id, name, at: wallTime, properties: withSource(properties, source) });
  }
  return true;
}

export const SET: StepType<'set', never> = {
  kind: 'set',
  bind: (perform) => (step, traits) => perform(step, () => set(traits)),
  figure: null,
  json: null,
};
