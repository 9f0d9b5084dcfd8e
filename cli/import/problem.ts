import { z } from 'zod';

/** Schema of what is wrong with a field. */
export const fieldError = z.object({ pointer: z.string().default(''), detail: z.string() });

/** Schema of a refusal of the API, as far as it is shown (RFC 9457). */
const problem = z.object({ detail: z.string(), errors: z.array(fieldError).default([]) });

/** What a refusal says. */
export type ShownProblem = z.infer<typeof problem>;

/** Reads the body of a refusal. A body that is no problem document, as a proxy sends it, says only the status. */
export function problemIn(body: unknown, status: number): ShownProblem {
  return problem.safeParse(body).data ?? { detail: `status ${status}`, errors: [] };
}
