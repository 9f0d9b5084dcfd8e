import type { Json } from '../model/json';
import { evaluateFlags, type FlagDefinitions, type FlagUser } from './evaluate';

/** What an app shows its user by. */
export interface FlagsOfUser {
  /** By name. */
  readonly flags: Readonly<Record<string, Json>>;
  /** The variant of each flag that is an experiment for the user, by the name of the flag. An app reports that it has read one. */
  readonly variants: Readonly<Record<string, string>>;
}

/** The values of all flags for a user. */
export function flagsOf(definitions: FlagDefinitions, user: FlagUser): FlagsOfUser {
  const evaluations = evaluateFlags(definitions, user);
  return {
    flags: Object.fromEntries(evaluations.map(([name, { value }]) => [name, value])),
    variants: Object.fromEntries(
      evaluations.flatMap(([name, { variant }]) => (variant === null ? [] : [[name, variant]])),
    ),
  };
}
