import { copyOf, type JsonObject } from '../../model/json';
import { MAX_TRAITS_BYTES } from '../../model/limits';
import { setTraits } from '../../user/draft';
import { instant, SILENT, type StepCall, type StepType } from './step-type';

/** Sets traits of the user. */
function set(traits: JsonObject): StepCall<void> {
  const text = Object.keys(traits).join(', ');
  return instant({ kind: 'set', text, ...SILENT }, ({ draft }) => {
    const isSet = setTraits(draft, copyOf(traits));
    const limit = `not set: traits are kept up to ${MAX_TRAITS_BYTES / 1024} KB`;
    return { outcome: copyOf(traits), reason: isSet ? text : limit };
  });
}

export const SET: StepType<'set', never> = {
  kind: 'set',
  bind: (perform) => (step, traits) => perform(step, () => set(traits)),
  figure: null,
  json: null,
};
