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
