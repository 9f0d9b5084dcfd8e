/** An error in one field of a request. `pointer` is a JSON Pointer (RFC 6901) into the body, or the name of a parameter. */
export interface FieldError {
  readonly pointer: string;
  readonly detail: string;
}

/** Appends a path to a JSON Pointer. */
export function pointerTo(base: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (pointer, key) => `${pointer}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`,
    base,
  );
}

/** The most errors that an answer lists. It counts the others, so that a small request cannot cause a large answer. */
export const MOST_ERRORS = 50;

/** The longest pointer and the longest detail of a listed error, in characters. Both may repeat what the request contains. */
const LONGEST_POINTER = 300;
const LONGEST_DETAIL = 1_000;

/** Collects errors: the first ones to list, of the others the number. A request may cause thousands. */
export class FieldErrors {
  readonly listed: FieldError[] = [];
  count = 0;

  add(pointer: () => string, detail: string): void {
    this.count++;
    if (this.listed.length < MOST_ERRORS) this.listed.push({ pointer: pointer(), detail });
  }
}

/** The errors that an answer lists: the first, with long texts shortened. A pointer too long becomes that of the field around it. */
export function listedErrors(errors: readonly FieldError[]): FieldError[] {
  return errors.slice(0, MOST_ERRORS).map(({ pointer, detail }) => ({
    pointer: shortPointer(pointer),
    detail:
      detail.length > LONGEST_DETAIL
        ? `${detail.slice(0, LONGEST_DETAIL - 1).replace(/[\ud800-\udbff]$/, '')}…`
        : detail,
  }));
}

function shortPointer(pointer: string): string {
  if (pointer.length <= LONGEST_POINTER) return pointer;
  return pointer.slice(0, Math.max(0, pointer.lastIndexOf('/', LONGEST_POINTER)));
}
