/**
 * An object's own property of this name. Inherited ones, such as `constructor`, are left out.
 * @returns undefined when the object has no such property of its own
 */
export function getOwn<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
