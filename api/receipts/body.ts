import type { z } from 'zod';
import { parseExactly } from '../../engine/model/exact-json';
import { invalid, Problem } from '../problem';
import { pointerTo } from '../pointer';

/**
 * Reads the body of a genuine request as JSON of a schema.
 * @throws {Problem} 400 when it is not JSON, 422 when it does not pass the schema
 */
export function readJson<Schema extends z.ZodType>(body: Buffer, schema: Schema): z.output<Schema> {
  let value: unknown;
  try {
    value = parseExactly(body.toString('utf8'));
  } catch {
    throw new Problem(400, { detail: 'The body must be valid JSON.' });
  }
  const { data, error } = schema.safeParse(value);
  if (error)
    throw invalid(error.issues.map(({ path, message }) => ({ pointer: pointerTo('', path), detail: message })));
  return data;
}
