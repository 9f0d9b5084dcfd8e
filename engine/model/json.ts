/** A JSON value: everything the engine records is one, so that it can be stored and read back unchanged. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A JSON object. */
export type JsonObject = { [key: string]: Json };

/** A copy of a JSON value no part of which is shared with it. What is no object is its own copy, and costs nothing. */
export function copyOf<Value>(value: Value): Value {
  return typeof value === 'object' && value !== null ? (JSON.parse(JSON.stringify(value)) as Value) : value;
}

const UNSTORABLE = /\u0000|\p{Surrogate}/gu;

/** Text without NUL and half surrogate pairs, which a database can't hold. */
export function storableText(text: string): string {
  return text.replace(UNSTORABLE, '');
}
