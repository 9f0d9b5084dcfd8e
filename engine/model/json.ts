/** A JSON value. Everything the engine records is one, so that it can be stored and read back unchanged. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A JSON object. */
export type JsonObject = { [key: string]: Json };

/** A deep copy of a JSON value. Anything but an object or an array is returned as it is, at no cost. */
export function copyOf<Value>(value: Value): Value {
  return typeof value === 'object' && value !== null ? (JSON.parse(JSON.stringify(value)) as Value) : value;
}

const UNSTORABLE = /\u0000|\p{Surrogate}/gu;

/** The text without NUL and halves of surrogate pairs, which a database can't hold. */
export function storableText(text: string): string {
  return text.replace(UNSTORABLE, '');
}

/** The most characters of a value in a label. */
const MAX_LABEL = 40;

/** A value as a label in a diagram or path: its JSON, cut off if it is long. */
export function jsonLabel(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > MAX_LABEL ? `${text.slice(0, MAX_LABEL - 1)}…` : text;
}
