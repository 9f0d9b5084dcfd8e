import type { z } from 'zod';
import { invalidField } from './problem';

/** Writes the place at which the next page of a list begins, as opaque text. */
export function writeCursor(place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/**
 * Reads the `cursor` of a request.
 * @param schema the place that was written
 * @param pointer where the cursor is: the name of the parameter, or a JSON Pointer into the body
 * @throws {Problem} 422 when it is not the `next` of a page
 */
export function readCursor<Place>(cursor: string, schema: z.ZodType<Place>, pointer = 'cursor'): Place {
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch {
    throw invalidField(pointer, 'must be the `next` value of a previous page');
  }
}
