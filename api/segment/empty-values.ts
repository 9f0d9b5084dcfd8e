import { isPlaceholder } from './placeholder-id';

const OPTIONAL_IDS = ['userId', 'anonymousId', 'messageId'];
/** The fields of objects in which an empty array counts as absent. */
export const OBJECTS = ['properties', 'traits', 'context'] as const;

/**
 * A call without the values that stand for nothing: ids without a visible character, and the empty arrays that PHP writes for empty
 * objects. Beside a `userId`, an `anonymousId` that names nobody counts as nothing too, so that the call is not lost for it.
 */
export function withoutEmptyValues(call: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const namesUser = call['userId'] != null && !isBlank(call['userId']);
  const dropped = [
    ...OPTIONAL_IDS.filter((name) => isBlank(call[name])),
    ...OBJECTS.filter((name) => isEmptyArray(call[name])),
    ...(namesUser && isPlaceholder(call['anonymousId']) ? ['anonymousId'] : []),
  ];
  if (dropped.length === 0) return call;
  return Object.fromEntries(Object.entries(call).filter(([name]) => !dropped.includes(name)));
}

function isBlank(value: unknown): boolean {
  return typeof value === 'string' && value.trim() === '';
}

function isEmptyArray(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
