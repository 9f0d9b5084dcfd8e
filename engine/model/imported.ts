import type { UserEvent } from './user-event';

/**
 * Was the event imported as history, and has the memory of its user not taken it into account yet?
 * @param importedUntil of that memory, epoch milliseconds
 */
export function isNewHistory(
  { history, receivedAt }: Pick<UserEvent, 'history' | 'receivedAt'>,
  importedUntil: number | undefined,
): boolean {
  return history === true && receivedAt > (importedUntil ?? -Infinity);
}
