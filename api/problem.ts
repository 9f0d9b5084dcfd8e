import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import { listedErrors, MOST_ERRORS, type FieldError } from './pointer';

/** The details of a problem beyond its status. */
export interface ProblemDetails {
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  /** The number of errors. Default: those in `errors`. */
  readonly errorCount?: number;
  /** Real seconds to wait before another attempt. */
  readonly retryAfter?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An unsuccessful response. Routes throw it, and the client receives it as RFC 9457 `application/problem+json`. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly status: number,
    readonly details: ProblemDetails = {},
  ) {
    super(details.detail ?? STATUS_CODES[status] ?? String(status));
  }
}

/** The problem of invalid fields. */
export function invalid(errors: readonly FieldError[]): Problem {
  return new Problem(422, { detail: 'The request is not valid.', errors });
}

/** The problem of one invalid field. @param pointer a JSON Pointer into the body, or the name of a parameter */
export function invalidField(pointer: string, detail: string): Problem {
  return invalid([{ pointer, detail }]);
}

/** Schema of an error in one field. */
export const fieldError = z.object({
  pointer: z.string().meta({
    description: 'The place of the error: a JSON Pointer (RFC 6901) into the body, or the name of a parameter',
  }),
  detail: z.string().meta({ description: 'What is wrong there, for people' }),
});

/** Schema of the problem document. */
export const problemDocument = z.object({
  type: z.string().meta({ description: 'Always about:blank: the status alone identifies the problem' }),
  title: z.string().meta({ description: 'What the status means' }),
  status: z.int().meta({ description: 'The HTTP status' }),
  detail: z
    .string()
    .optional()
    .meta({ description: 'What is wrong, for people. It may change: no program should read it' }),
  errors: z
    .array(fieldError)
    .optional()
    .meta({
      description: `The invalid fields, ${MOST_ERRORS} at most`,
    }),
  errorCount: z.int().optional().meta({ description: 'The number of errors found, listed or not' }),
  requestId: z.string().meta({ description: 'Identifies this request in the logs' }),
});

/** The document of a problem. */
export function problemBody(
  { status, details: { detail, errors, errorCount } }: Problem,
  requestId: string,
): z.infer<typeof problemDocument> {
  const title = STATUS_CODES[status] ?? String(status);
  return {
    type: 'about:blank',
    title,
    status,
    ...(detail && { detail }),
    ...(errors && { errors: listedErrors(errors), errorCount: errorCount ?? errors.length }),
    requestId,
  };
}

/** The headers of a problem. */
export function problemHeaders({ details: { retryAfter, headers } }: Problem): Readonly<Record<string, string>> {
  return { ...headers, ...(retryAfter !== undefined && { 'Retry-After': String(retryAfter) }) };
}
