import type { CatalogueEvent } from './event';

/**
 * An event of a message. As it is, it stands for messages of any step; called with the name of a step, for those that this step sent:
 * `opened`, `opened('welcome')`.
 */
export interface StepEvent<Properties extends { readonly step: string }, Name extends string> extends CatalogueEvent<
  Properties,
  Name
> {
  (step: string): CatalogueEvent<Properties, Name>;
}

/** Makes an event callable with the name of a step. */
export function stepEvent<Properties extends { readonly step: string }, Name extends string>(
  declared: CatalogueEvent<Properties, Name>,
): StepEvent<Properties, Name> {
  const { kind, name, schema, example } = declared;
  const ofStep = (step: string): CatalogueEvent<Properties, Name> =>
    declared.where({ step } as never, { ...example, step });
  // `name` of a function can't be assigned.
  for (const [key, value] of Object.entries({ kind, name, schema, example }))
    Object.defineProperty(ofStep, key, { value, enumerable: true });
  Object.defineProperty(ofStep, 'where', { value: declared.where.bind(declared) });
  // A function has no JSON, of which fingerprints of journeys are made.
  Object.defineProperty(ofStep, 'toJSON', { value: () => declared });
  return ofStep as unknown as StepEvent<Properties, Name>;
}
