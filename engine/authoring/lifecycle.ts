import { toMs, type Duration } from '../model/duration';
import type { EventDefinition } from './event';

/** One rule of the lifecycle: from some stages to another, on an event, after silence, or after time in the stage. */
export type StageRule = { readonly from: readonly string[]; readonly to: string } & (
  { readonly on: EventDefinition<unknown> } | { readonly inactive: Duration } | { readonly after: Duration }
);

/** A stage rule with its condition as plain data. */
export interface CompiledStageRule {
  readonly from: readonly string[];
  readonly to: string;
  readonly when:
    | { readonly kind: 'event'; readonly name: string }
    | { readonly kind: 'inactive'; readonly ms: number }
    | { readonly kind: 'after'; readonly ms: number };
}

/** The stages a user can be in and the rules that lead from one to another. */
export interface Lifecycle {
  readonly initial: string;
  readonly rules: readonly CompiledStageRule[];
}

/**
 * Declares the lifecycle. Rules are tried in order; the first that applies at a moment wins.
 * @throws {TypeError} when silence would lead round in a circle
 */
export function lifecycle(definition: { readonly initial: string; readonly rules: readonly StageRule[] }): Lifecycle {
  const rules = definition.rules.map(compile);
  for (const { from } of rules) for (const stage of from) refuseCircle(rules, [stage]);
  return { initial: definition.initial, rules };
}

/** Rules that can all apply at one moment must come to an end: a long silence satisfies every rule about silence at once. */
function refuseCircle(rules: readonly CompiledStageRule[], path: readonly string[]): void {
  const last = path.at(-1) ?? '';
  for (const { from, to, when } of rules) {
    const atOnce = when.kind === 'inactive' || (when.kind === 'after' && when.ms === 0);
    if (!atOnce || to === last || !from.includes(last)) continue;
    if (path.includes(to)) throw new TypeError(`lifecycle: silence leads in a circle: ${[...path, to].join(' → ')}.`);
    refuseCircle(rules, [...path, to]);
  }
}

function compile(rule: StageRule): CompiledStageRule {
  const { from, to } = rule;
  if ('on' in rule) return { from, to, when: { kind: 'event', name: rule.on.name } };
  if ('inactive' in rule) return { from, to, when: { kind: 'inactive', ms: toMs(rule.inactive) } };
  return { from, to, when: { kind: 'after', ms: toMs(rule.after) } };
}
