import { Problem } from './problem';

/** The answer to a token whose user was erased. The token itself is valid until it expires. */
export function goneUser(): Problem {
  return new Problem(401, { detail: 'The user of this token no longer exists.' });
}
