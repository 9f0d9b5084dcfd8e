import type { JsonObject } from '../engine/model/json';
import { jsonObject, userParams } from './fields';
import { Problem } from './problem';
import type { Reply } from './route';

/** What is wrong with a context, by the codes of OpenFeature (https://openfeature.dev/specification/types#error-code). */
type ErrorCode = 'PARSE_ERROR' | 'TARGETING_KEY_MISSING' | 'INVALID_CONTEXT';

/** The body of an error in the form of the OpenFeature Remote Evaluation Protocol. */
export interface OfrepFailure {
  readonly errorCode: ErrorCode;
  readonly errorDetails: string;
}

/** An error in the form of the OpenFeature Remote Evaluation Protocol. */
export class OfrepError extends Error {
  override readonly name = 'OfrepError';

  constructor(
    readonly code: ErrorCode,
    message: string,
  ) {
    super(message);
  }

  /** @param about the flag, where the request is about a single one */
  reply<About extends { readonly key?: string }>(about: About): Reply<About & OfrepFailure> {
    return { status: 400, body: { ...about, errorCode: this.code, errorDetails: this.message } };
  }
}

/** The user for whom flags are evaluated. */
export interface OfrepContext {
  readonly userId: string;
  /** What the caller says of the user beyond what Sojourn knows. */
  readonly attributes: JsonObject;
}

/**
 * Reads the context of a request.
 * @param tokenUser the user of the token, whose flags alone may be read and about whom nothing is believed; null for a server, which
 *   has the admin key
 * @throws {OfrepError} when the context is not valid
 * @throws {Problem} 403 when it names another user than the token
 */
export function readContext(body: unknown, tokenUser: string | null): OfrepContext {
  const request = jsonObject.safeParse(body ?? {});
  if (!request.success) throw new OfrepError('PARSE_ERROR', 'The body must be an object with a context.');
  const context = jsonObject.safeParse(request.data['context'] ?? {});
  if (!context.success) throw new OfrepError('INVALID_CONTEXT', 'The context must be an object.');
  const { targetingKey: given, ...attributes } = context.data;
  const targetingKey = given ?? '';
  if (typeof targetingKey !== 'string') throw new OfrepError('INVALID_CONTEXT', 'The targetingKey must be text.');
  if (tokenUser !== null) {
    if (targetingKey !== '' && targetingKey !== tokenUser)
      throw new Problem(403, { detail: 'The targetingKey must be left out, or be the user of the token.' });
    return { userId: tokenUser, attributes: {} };
  }
  if (targetingKey === '')
    throw new OfrepError('TARGETING_KEY_MISSING', 'The context must have a targetingKey: the id of the user.');
  const userId = userParams.shape.id.safeParse(targetingKey);
  if (!userId.success) throw new OfrepError('INVALID_CONTEXT', 'The targetingKey must be text of 1 to 205 characters.');
  return { userId: userId.data, attributes };
}
