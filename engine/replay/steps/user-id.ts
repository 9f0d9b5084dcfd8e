import { z } from 'zod';
import { eventPlace, type EventPlace } from '../../authoring/condition';
import { storableText } from '../../model/json';

/** The most characters of a user's id, as in the API. */
const MAX_ID = 200;

/** The id of a user, in a journey made of data: a text, or its place in an event. */
export type UserIdForm = string | EventPlace;

export const userIdForm: z.ZodType<UserIdForm> = z.union(
  [z.string().min(1).max(MAX_ID), eventPlace],
  'must be an id, or { var } with its place in an event',
);

/** Can a user have this id? */
export function isUserId(id: unknown): id is string {
  return typeof id === 'string' && id.trim() !== '' && id.length <= MAX_ID && storableText(id) === id;
}
