import type { JsonObject } from '../model/json';
import type { Flag, FlagRule, Flags, FlagValue } from './flag';
import { FLAG_NAME, mistakesOf } from './schema';

/** The type of the values of a flag, by its default. */
type Widened<Value> = Value extends boolean
  ? boolean
  : Value extends string
    ? string
    : Value extends number
      ? number
      : JsonObject;

/**
 * Declares the flags of the app, by name: `flags({ 'new-checkout': { default: false, rules: [{ percentage: 20, value: true }] } })`.
 * All values of a flag have the type of its default.
 * @throws {TypeError} when a name, value or rule is not valid, naming the flag; or when a rule stands behind one that concerns everyone
 */
export function flags<Defaults extends Readonly<Record<string, FlagValue>>>(definitions: {
  readonly [Name in keyof Defaults]: {
    readonly default: Defaults[Name];
    readonly rules?: readonly FlagRule<Widened<Defaults[Name]>>[];
  };
}): Flags {
  const byName = definitions as Readonly<Record<string, Flag>>;
  for (const [name, flag] of Object.entries(byName)) {
    if (!FLAG_NAME.test(name))
      throw new TypeError(
        `flags: '${name}' can't be the name of a flag. Expected 1 to 100 letters, digits, dots, hyphens or underscores.`,
      );
    const [mistake] = mistakesOf(flag);
    if (mistake !== undefined) throw new TypeError(`flags: '${name}', ${mistake.replace(/\.?$/, '.')}`);
  }
  return { kind: 'flags', byName: { ...byName } };
}
