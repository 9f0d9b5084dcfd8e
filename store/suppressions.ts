import type { Reach, Suppression } from '../engine/model/state';
import type { Placeholders } from './sql';

/*
 * What is remembered about addresses, whoever's profile they stand in. The table holds hashes of normalised addresses: PostgreSQL's
 * function `address_key` trims an address, makes it lower-case and hashes it. Only email has addresses so far.
 */

/** SQL: what is known of the address of a user, as an array. `user` is the alias of a row of `users`. */
export function suppressionsOf(user: string): string {
  return `ARRAY(SELECT s.cause FROM suppressed_addresses s
    WHERE s.channel = 'email' AND s.address = address_key(${user}.traits ->> 'email'))`;
}

/** The part of a user's reach that `suppressionsOf` selected. */
export function suppressedReach(causes: readonly Suppression[]): Pick<Reach, 'suppressed'> {
  return causes.length === 0 ? {} : { suppressed: { email: causes } };
}

interface Bounce {
  readonly id: string;
  /** The address that takes no mail; null when the attempt did not find that out. */
  readonly deadAddress: string | null;
  /** Epoch milliseconds of the journey clock. */
  readonly at: number;
}

/** SQL: remembers that the address of an email takes no mail. It leaves no trace of a user who was erased meanwhile. */
export function rememberBounce(param: Placeholders<Bounce>): string {
  return `
  INSERT INTO suppressed_addresses (channel, address, cause, at)
  SELECT channel, address_key(${param.deadAddress}), 'bounced', ${param.at}::bigint
  FROM messages WHERE id = ${param.id} AND ${param.deadAddress}::text IS NOT NULL
  ON CONFLICT DO NOTHING`;
}

interface Answer {
  /** The text of a JSON object. */
  readonly answers: string;
  /** Epoch milliseconds of the journey clock. */
  readonly at: number;
}

/** SQL: remembers that the holders in `users`, a query with their traits, opted out of email, if they did. */
export function rememberOptOut(param: Placeholders<Answer>, users: string): string {
  return `
  INSERT INTO suppressed_addresses (channel, address, cause, at)
  SELECT 'email', address_key(traits ->> 'email'), 'opted out', ${param.at}::bigint
  FROM ${users} WHERE ${param.answers}::jsonb -> 'email' = 'false' AND jsonb_typeof(traits -> 'email') = 'string'
  ON CONFLICT DO NOTHING`;
}

/** SQL: forgets everything about the address of the holders in `users`, if they opted in to email. */
export function forgetAddress(param: Placeholders<Answer>, users: string): string {
  return `
  DELETE FROM suppressed_addresses s USING ${users} holder
  WHERE ${param.answers}::jsonb -> 'email' = 'true' AND s.channel = 'email'
    AND s.address = address_key(holder.traits ->> 'email')`;
}
