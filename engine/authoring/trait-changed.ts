import { z } from 'zod';
import type { Json } from '../model/json';
import { isWatchable, TRAIT_CHANGED, traitChangedBy, type TraitChange } from '../model/trait-change';
import { event, type CatalogueEvent, type EventDefinition } from './event';
import { exampleOf } from './example';
import type { Test, Tests } from './filter';
import type { StandardSchema } from './standard-schema';

/** What a trait must have been, and what it must have become. */
export interface TraitChangeTests {
  /** The value before. Default: any value, or none. */
  readonly from?: Test<Json>;
  /** The value now. Default: any value, or none. */
  readonly to?: Test<Json>;
}

/** The longest name of a trait that can be watched, because it is part of the name of the event. */
const MAX_TRAIT = 100;

/**
 * The change of a trait: `traitChanged('plan', { to: 'pro' })`. It can stand wherever an event can: as a trigger, in waits, exits,
 * goals and milestones, and in `anyOf`. A trait that is set to the value it has does not change.
 * @throws {TypeError} when the name is empty, too long, or that of what is known of groups and devices, or a test has an unknown
 * comparison
 */
export function traitChanged<const Trait extends string>(
  trait: Trait,
  { from, to }: TraitChangeTests = {},
): CatalogueEvent<TraitChange, `Trait Changed: ${Trait}`> {
  if (!isWatchable(trait) || trait.length > MAX_TRAIT)
    throw new TypeError(
      `'${trait}' can't be watched for changes. Expected a trait of the user, with ${MAX_TRAIT} characters at most.`,
    );
  const change = changeOf(trait);
  const tests: Tests = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  if (Object.keys(tests).length === 0) return change;
  return change.where(tests, exampleOf(change.where(tests)).properties);
}

/** The event of a change, by its name; undefined for any other event. */
export function traitChangeNamed(name: string): EventDefinition<TraitChange> | undefined {
  const trait = traitChangedBy(name);
  return trait === null || trait.length > MAX_TRAIT ? undefined : changeOf(trait);
}

/**
 * One schema for all traits, because a journey declares the event anew whenever its code runs. It allows any value, so that
 * `explore` tries those that the code compares with.
 */
const value = z.unknown().refine((given) => given !== undefined);
const properties = z.object({ trait: z.string(), from: value, to: value }) as unknown as StandardSchema<TraitChange>;

function changeOf<const Trait extends string>(trait: Trait): CatalogueEvent<TraitChange, `Trait Changed: ${Trait}`> {
  return event(`${TRAIT_CHANGED}${trait}`, properties, { trait, from: null, to: 'text' });
}
