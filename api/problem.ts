import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import type { FieldError } from './pointer';

/** What a problem says beyond its status. */
export interface ProblemDetails {
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  /** Seconds after which another attempt makes sense. */
  readonly retryAfter?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer other than success: thrown anywhere in a route, sent as RFC 9457 `application/problem+json`. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly status: number,
    readonly details: ProblemDetails = {},
  ) {
    super(details.detail ?? STATUS_CODES[status] ?? String(status));
  }
}

/** The document, as the OpenAPI description has it. */
export const problemDocument = z.object({
  type: z.string().meta({ description: 'about:blank: the status says it all' }),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  errors: z
    .array(z.object({ pointer: z.string(), detail: z.string() }))
    .optional()
    .meta({
      description:
        'What is wrong with which field: a JSON pointer (RFC 6901) into the body, or the name of a parameter',
    }),
  requestId: z.string().meta({ description: 'Names this request in the logs' }),
});

/** The document of a problem. */
export function problemBody(
  { status, details: { detail, errors } }: Problem,
  requestId: string,
): z.infer<typeof problemDocument> {
  const title = STATUS_CODES[status] ?? String(status);
  return {
    type: 'about:blank',
    title,
    status,
    ...(detail && { detail }),
    ...(errors && { errors: [...errors] }),
    requestId,
  };
}

/** The headers of a problem. */
export function problemHeaders({ details: { retryAfter, headers } }: Problem): Readonly<Record<string, string>> {
  return { ...headers, ...(retryAfter !== undefined && { 'Retry-After': String(retryAfter) }) };
}
