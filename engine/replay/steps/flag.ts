import { copyOf, type Json } from '../../model/json';
import { MAX_FLAGS } from '../../model/limits';
import { setFlag } from '../../user/draft';
import { instant, SILENT, type StepCall, type StepType } from './step-type';

/** Sets a flag the app can read. */
function flag(name: string, value: Json): StepCall<void> {
  return instant({ kind: 'flag', text: name, ...SILENT }, ({ draft }) => {
    const isSet = setFlag(draft, name, copyOf(value));
    return { outcome: { [name]: copyOf(value) }, reason: isSet ? name : `not set: ${MAX_FLAGS} flags are kept` };
  });
}

export const FLAG: StepType<'flag', never> = {
  kind: 'flag',
  bind:
    (perform) =>
    (step, name, value = true) =>
      perform(step, () => flag(name, value)),
  figure: null,
  json: null,
};
