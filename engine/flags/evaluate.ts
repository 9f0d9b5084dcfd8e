import type { Lifecycle } from '../authoring/lifecycle';
import { passesTest, passesTests } from '../authoring/filter';
import { fraction } from '../model/ids';
import type { Json, JsonObject } from '../model/json';
import { getOwn } from '../model/own-property';
import { byWeight } from '../model/weighted';
import type { Flag, FlagRule, Flags } from './flag';
import { typeOfFlag } from './schema';

/** The definitions that a flag's value depends on. */
export interface FlagDefinitions {
  readonly flags?: Flags | undefined;
  readonly lifecycle: Lifecycle;
}

/** A user as flags know them. */
export interface FlagUser {
  readonly id: string;
  /** The id by which their experiments are assigned; null if none was yet. */
  readonly assignedAs: string | null;
  /** '' before the engine's first decision. */
  readonly stage: string;
  readonly traits: JsonObject;
  /** The flags that journeys have set for them, by `j.flag`. */
  readonly flags: Readonly<Record<string, Json>>;
}

/**
 * Why a flag has its value, in the words of OpenFeature (https://openfeature.dev/specification/types#resolution-details):
 * `STATIC` without any rule, `TARGETING_MATCH` by a rule or a journey, `SPLIT` by a percentage or as a variant, `DEFAULT` if no rule
 * concerns the user.
 */
export type FlagReason = 'STATIC' | 'TARGETING_MATCH' | 'SPLIT' | 'DEFAULT';

/** The value of a flag for a user, and why. */
export interface FlagEvaluation {
  readonly value: Json;
  /** Null unless the value is a variant of an experiment. */
  readonly variant: string | null;
  readonly reason: FlagReason;
}

/**
 * Evaluates a flag. What a journey has set wins over the rules, as far as it has the type of the flag. A flag that nobody defines has
 * a value for those for whom a journey has set one.
 * @returns null when there is no such flag
 */
export function evaluateFlag(definitions: FlagDefinitions, name: string, user: FlagUser): FlagEvaluation | null {
  const flag = definitions.flags && getOwn(definitions.flags.byName, name);
  const set = getOwn(user.flags, name) ?? null;
  if (set !== null && (!flag || typeOfFlag(set) === typeOfFlag(flag.default)))
    return { value: set, variant: null, reason: 'TARGETING_MATCH' };
  return flag ? byRules(name, flag, { ...user, stage: user.stage || definitions.lifecycle.initial }) : null;
}

/** Evaluates all flags, in the order of their names. */
export function evaluateFlags(
  definitions: FlagDefinitions,
  user: FlagUser,
): readonly (readonly [name: string, evaluation: FlagEvaluation])[] {
  const names = new Set([...Object.keys(definitions.flags?.byName ?? {}), ...Object.keys(user.flags)]);
  return [...names].sort().flatMap((name) => {
    const evaluation = evaluateFlag(definitions, name, user);
    return evaluation ? [[name, evaluation] as const] : [];
  });
}

function byRules(name: string, { default: fallback, rules = [] }: Flag, user: FlagUser): FlagEvaluation {
  const alone = (value: Json, reason: FlagReason): FlagEvaluation => ({ value, variant: null, reason });
  const found = rules.find((rule) => concerns(rule, name, user));
  if (!found) return alone(fallback, rules.length === 0 ? 'STATIC' : 'DEFAULT');
  if (found.variants === undefined)
    return alone(found.value, found.percentage === undefined ? 'TARGETING_MATCH' : 'SPLIT');
  const weights = Object.entries(found.variants).map((one) => [one, one[1].weight] as const);
  const chosen = byWeight(weights, pointOf(user, name, 'variant'));
  return chosen ? { value: chosen[1].value, variant: chosen[0], reason: 'SPLIT' } : alone(fallback, 'DEFAULT');
}

function concerns({ when = {}, percentage }: FlagRule, name: string, user: FlagUser): boolean {
  return (
    (when.stage === undefined || passesTest(when.stage, user.stage)) &&
    passesTests(when.traits ?? {}, user.traits) &&
    (percentage === undefined || pointOf(user, name, 'percentage') * 100 < percentage)
  );
}

/**
 * Where a user is in [0, 1) for a flag, by the id that also assigns experiments. Percentages and variants have points of their own:
 * those whom a percentage passes over are split evenly by the rules behind it.
 */
function pointOf({ id, assignedAs }: FlagUser, name: string, of: 'percentage' | 'variant'): number {
  return fraction(assignedAs ?? id, 'flag', name, of);
}
