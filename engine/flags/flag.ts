import type { Test, Tests } from '../authoring/filter';
import type { JsonObject } from '../model/json';

/** What a flag can be: on or off, a text, a number, or an object. */
export type FlagValue = boolean | string | number | JsonObject;

/** The users whom a rule concerns. All that is given must hold. */
export interface FlagCondition {
  /** Their stage: this one, one of these, or `{ not: … }`. */
  readonly stage?: Test<string>;
  /** Their traits: `{ plan: 'pro', 'address.country': ['DE', 'AT'], seats: { atLeast: 5 } }`. */
  readonly traits?: Tests;
}

/** One of the values between which a rule splits users. */
export interface FlagVariant<Value extends FlagValue = FlagValue> {
  /** Its share is its weight divided by the sum of the weights of the rule. */
  readonly weight: number;
  readonly value: Value;
}

/** Gives a value to some users. */
export type FlagRule<Value extends FlagValue = FlagValue> = {
  /** Default: every user. */
  readonly when?: FlagCondition;
  /**
   * How many of the users whom `when` concerns get the value, 0 to 100. Users stay in: a higher percentage only adds some. The others
   * go on to the next rule.
   */
  readonly percentage?: number;
} & (
  | { readonly value: Value; readonly variants?: never }
  /** An experiment, by the name of the variant: each user gets one of these by weight, and keeps it. */
  | { readonly variants: Readonly<Record<string, FlagVariant<Value>>>; readonly value?: never }
);

/** A flag: the first rule that concerns a user says its value for them, and the default does if none is. */
export interface Flag<Value extends FlagValue = FlagValue> {
  readonly default: Value;
  readonly rules?: readonly FlagRule<Value>[];
}

/** All flags that a team defines, by name. */
export interface Flags {
  readonly kind: 'flags';
  readonly byName: Readonly<Record<string, Flag>>;
}
