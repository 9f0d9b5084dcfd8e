/** What a record has of its own under a name; undefined for what every object inherits, such as `constructor`. */
export function getOwn<Value>(record: Readonly<Record<string, Value>> | undefined, name: string): Value | undefined {
  return record && Object.hasOwn(record, name) ? record[name] : undefined;
}
