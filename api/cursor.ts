import type { z } from 'zod';
import { invalidField } from './problem';

/** Writes the place at which the next page of a list begins, as opaque text. */
function writeCursor(place: readonly (string | number)[]): string {
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

/** A page of a list, and the cursor of the next one; null on the last page. */
export interface ListPage<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

/**
 * Cuts a page out of what was found.
 * @param found one item more than the page takes, if there are so many: it shows that there is a next page
 * @param placeOf the place of the last item of the page
 */
export function pageOf<Item>(
  found: readonly Item[],
  limit: number,
  placeOf: (last: Item) => readonly (string | number)[],
): ListPage<Item> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, next: last !== undefined && found.length > limit ? writeCursor(placeOf(last)) : null };
}
