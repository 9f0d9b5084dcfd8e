import { copyOf, type JsonObject } from '../../model/json';
import { instant, SILENT, type StepCall, type StepType } from './step-type';

/** Sets traits of the user. */
function set(traits: JsonObject): StepCall<void> {
  const text = Object.keys(traits).join(', ');
  return instant({ kind: 'set', text, ...SILENT }, ({ draft }) => {
    draft.traits = { ...draft.traits, ...copyOf(traits) };
    return { outcome: copyOf(traits), reason: text };
  });
}

export const SET: StepType<'set', never> = {
  kind: 'set',
  bind: (perform) => (step, traits) => perform(step, () => set(traits)),
  figure: null,
  json: null,
};
