import { VISITOR_PREFIX } from '../../store/aliases';
import { MAX_TRAITS_BYTES } from '../../engine/model/limits';
import type { Refusal } from '../../store/ingest';
import { MOST_PREVIOUS_IDS } from '../../store/merge-users';
import type { FieldError } from '../pointer';
import type { ReceivedCall } from './read-calls';

const WRONG: Readonly<Record<Refusal, { readonly field: string; readonly detail: string }>> = {
  'known user': {
    field: 'previousId',
    detail: 'must be an anonymous id: this one is a user, and only the admin key can merge two users',
  },
  visitor: { field: 'userId', detail: `must be a user id, which does not begin with ${VISITOR_PREFIX}` },
  'too many ids': {
    field: 'previousId',
    detail: `is one id too many: a user can have ${MOST_PREVIOUS_IDS} previous ids`,
  },
  'traits too large': {
    field: 'traits',
    detail: `would make the traits of the user larger than ${MAX_TRAITS_BYTES / 1024} KB`,
  },
};

/** A valid call that was not stored. */
export interface RefusedCall {
  /** The position of the call in the request. */
  readonly index: number;
  readonly call: unknown;
  readonly error: FieldError;
}

/**
 * Says what is wrong with valid calls that the store refused.
 * @param positions of the batch's events in the request
 * @param refused by the position in the batch's events
 */
export function refusedByStore(
  calls: readonly ReceivedCall[],
  positions: readonly number[],
  refused: ReadonlyMap<number, Refusal>,
): RefusedCall[] {
  return [...refused].map(([event, cause]) => {
    const index = positions[event] ?? 0;
    const { call, pointer = '' } = calls[index] ?? {};
    const { field, detail } = WRONG[cause];
    return { index, call, error: { pointer: `${pointer}/${field}`, detail } };
  });
}
