import { ended } from '../../authoring/ended';
import type { EventDefinition } from '../../authoring/event';
import { traitChanged, type TraitChangeTests } from '../../authoring/trait-changed';
import { TRAIT_CHANGED } from '../../model/trait-change';

/** The event that the trait `plan` of a random user has changed. */
export const PLAN_CHANGED = `${TRAIT_CHANGED}plan`;

/** The changes of the trait that a plan may name, with what they test. */
export const CHANGES: Readonly<Record<string, TraitChangeTests>> = { 'plan changed': {}, upgraded: { to: 'pro' } };

/** The end of a journey, or the change of a trait, if that is what a name in a plan stands for. */
export function namedEvent(name: string): EventDefinition | undefined {
  const [, id] = /^end of (.*)$/.exec(name) ?? [];
  if (id !== undefined) return ended(id) as EventDefinition<unknown> as EventDefinition;
  return name in CHANGES
    ? (traitChanged('plan', CHANGES[name]) as EventDefinition<unknown> as EventDefinition)
    : undefined;
}
