/**
 * The part of Standard Schema v1 (https://standardschema.dev) that Sojourn uses. Any library that conforms to it, such as zod,
 * valibot or arktype, can describe an event's properties.
 */
export interface StandardSchema<Input = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult | Promise<StandardResult>;
    /** Standard JSON Schema v1 (https://standardschema.dev/json-schema), if the library supports it. It may throw. */
    readonly jsonSchema?: {
      readonly input: (options: { readonly target: 'draft-2020-12' }) => Record<string, unknown>;
    };
    readonly types?: { readonly input: Input; readonly output: unknown } | undefined;
  };
}

/** The outcome of a validation: a value or issues. */
export type StandardResult =
  { readonly value: unknown; readonly issues?: undefined } | { readonly issues: readonly StandardIssue[] };

/** A problem in a value, with the path of the field. */
export interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}
