import { copyOf, type JsonObject } from '../../model/json';
import { MAX_TRAITS_BYTES } from '../../model/limits';
import { changesOf } from '../../model/trait-change';
import { setTraits } from '../../user/draft';
import { instant, SILENT, type StepCall, type StepType } from './step-type';
import { tell, UNTOLD } from './tell';

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
    const isTold = tell(
      context,
      changes.map(({ name, properties }) => ({ name, properties, part: name })),
    );
    return { outcome: copyOf(traits), reason: isTold ? text : `${text}; ${UNTOLD}` };
  });
}

export const SET: StepType<'set', never> = {
  kind: 'set',
  bind: (perform) => (step, traits) => perform(step, () => set(traits)),
  figure: null,
  json: null,
};
