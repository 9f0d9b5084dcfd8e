import { VISITOR_PREFIX } from '../../store/aliases';
import { MOST_PREVIOUS_IDS, type MergeRefusal } from '../../store/merge-users';
import type { FieldError } from '../pointer';
import type { ReceivedCall } from './read-calls';

const WRONG: Readonly<Record<MergeRefusal, { readonly field: string; readonly detail: string }>> = {
  'known user': {
    field: 'previousId',
    detail: 'must be an anonymous id: this one is a user, and only the admin key can merge two users',
  },
  visitor: { field: 'userId', detail: `must be a user id, which does not begin with ${VISITOR_PREFIX}` },
  'too many ids': {
    field: 'previousId',
    detail: `is one id too many: a user can have ${MOST_PREVIOUS_IDS} previous ids`,
  },
};

/** An `alias` call that was not stored. */
export interface RefusedAlias {
  /** The position of the call in the request. */
  readonly index: number;
  readonly call: unknown;
  readonly error: FieldError;
}

/**
 * Says what is wrong with `alias` calls whose ids were not merged.
 * @param positions of the batch's events in the request
 * @param refused by the position in the batch's events
 */
export function refusedAliases(
  calls: readonly ReceivedCall[],
  positions: readonly number[],
  refused: ReadonlyMap<number, MergeRefusal>,
): RefusedAlias[] {
  return [...refused].map(([event, cause]) => {
    const index = positions[event] ?? 0;
    const { call, pointer = '' } = calls[index] ?? {};
    const { field, detail } = WRONG[cause];
    return { index, call, error: { pointer: `${pointer}/${field}`, detail } };
  });
}
