/**
 * The part of Standard Schema v1 (https://standardschema.dev) the engine relies on: any conforming library
 * (zod, valibot, arktype…) can describe an event's properties.
 */
export interface StandardSchema<Input = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult | Promise<StandardResult>;
    /** Standard JSON Schema v1 (https://standardschema.dev/json-schema), where the library has it; it may throw. */
    readonly jsonSchema?: {
      readonly input: (options: { readonly target: 'draft-2020-12' }) => Record<string, unknown>;
    };
    readonly types?: { readonly input: Input; readonly output: unknown } | undefined;
  };
}

/** Outcome of a validation: a value, or issues each with a message and the path of the field. */
export type StandardResult =
  { readonly value: unknown; readonly issues?: undefined } | { readonly issues: readonly StandardIssue[] };

/** One problem found in a value. */
export interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}
