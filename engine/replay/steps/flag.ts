import { typeOfFlag } from '../../flags/schema';
import { copyOf, type Json } from '../../model/json';
import { MAX_FLAGS } from '../../model/limits';
import { getOwn } from '../../model/own-property';
import { setFlag } from '../../user/draft';
import { instant, SILENT, type StepCall, type StepType } from './step-type';

/** Sets a flag the app can read. */
function flag(name: string, value: Json): StepCall<void> {
  return instant({ kind: 'flag', text: name, ...SILENT }, ({ draft, definitions }) => {
    const isSet = setFlag(draft, name, copyOf(value));
    const defined = definitions.flags && getOwn(definitions.flags.byName, name);
    const counts = value === null || !defined || typeOfFlag(value) === typeOfFlag(defined.default);
    const reason = counts
      ? name
      : `${name}: does not count, because the type of the flag is ${typeOfFlag(defined.default)}`;
    return { outcome: { [name]: copyOf(value) }, reason: isSet ? reason : `not set: ${MAX_FLAGS} flags are kept` };
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
