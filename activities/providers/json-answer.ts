import type { z } from 'zod';

/** Reads the JSON of an answer; null when it is none, or has another form. */
export function jsonAnswer<Answer>(schema: z.ZodType<Answer>, text: string): Answer | null {
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
