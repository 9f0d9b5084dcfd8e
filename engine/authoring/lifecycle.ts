import { toMs, type Duration } from '../model/duration';
import { endedJourney } from '../model/ended';
import type { EventDefinition } from './event';
import type { Filter } from './filter';

/**
 * One rule of the lifecycle. It leads from any of the stages `from` to the stage `to`: `on` an event, when the user has been
 * `inactive` for this long, or `after` this long in the stage.
 */
export type StageRule = { readonly from: readonly string[]; readonly to: string } & (
  { readonly on: EventDefinition<unknown> } | { readonly inactive: Duration } | { readonly after: Duration }
);

/** A stage rule as plain data. `ms` is milliseconds. */
export interface CompiledStageRule {
  readonly from: readonly string[];
  readonly to: string;
  readonly when:
    | {
        readonly kind: 'event';
        readonly name: string;
        /** What narrows the event. Absent if nothing does. */
        readonly filters?: readonly Filter[];
      }
    | { readonly kind: 'inactive'; readonly ms: number }
    | { readonly kind: 'after'; readonly ms: number };
}

/** The stage in which every user begins, and the rules that lead from one stage to another. */
export interface Lifecycle {
  readonly initial: string;
  readonly rules: readonly CompiledStageRule[];
}

/**
 * Declares the lifecycle. Rules are tried in order, and the first that applies wins.
 * @throws {TypeError} when a duration is not one, or rules about silence lead in a circle
 */
export function lifecycle(definition: { readonly initial: string; readonly rules: readonly StageRule[] }): Lifecycle {
  const rules = definition.rules.map(compile);
  for (const { from } of rules) for (const stage of from) refuseCircle(rules, [stage]);
  return { initial: definition.initial, rules };
}

/**
 * Refuses a circle of rules that can all apply at once. A long silence satisfies every rule about silence, so it would never
 * end.
 */
function refuseCircle(rules: readonly CompiledStageRule[], path: readonly string[]): void {
  const last = path.at(-1) ?? '';
  for (const { from, to, when } of rules) {
    const atOnce = when.kind === 'inactive' || (when.kind === 'after' && when.ms === 0);
    if (!atOnce || to === last || !from.includes(last)) continue;
    if (path.includes(to))
      throw new TypeError(`lifecycle: rules about silence lead in a circle: ${[...path, to].join(' → ')}.`);
    refuseCircle(rules, [...path, to]);
  }
}

function compile(rule: StageRule): CompiledStageRule {
  const { from, to } = rule;
  if ('on' in rule) {
    if (endedJourney(rule.on.name) !== null)
      throw new TypeError('lifecycle: the end of a journey changes no stage: expected an event of the catalogue.');
    const { name, filters } = rule.on;
    return { from, to, when: { kind: 'event', name, ...(filters && { filters }) } };
  }
  if ('inactive' in rule) return { from, to, when: { kind: 'inactive', ms: toMs(rule.inactive) } };
  return { from, to, when: { kind: 'after', ms: toMs(rule.after) } };
}
