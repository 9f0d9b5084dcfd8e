import { types } from 'node:util';
import { DatabaseError } from 'pg';

/**
 * Classes and codes of SQLSTATE that say the server can't serve now: connection exceptions, lack of resources, shutdown and start;
 * read-only, as during a failover; and too busy: lost against others time and again, a lock or an end awaited in vain.
 */
const SQLSTATE = /^(?:08|53|57P|25006|40001|40P01|55P03|57014)/;
const SYSTEM = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH']);
/** Errors of pg and knex that have only a text. */
const TEXT =
  /^(?:Connection terminated|timeout expired|timeout exceeded when trying to connect|Client has encountered a connection error|Knex: Timeout acquiring)/;

/** Does the error say that the database can't be reached or is too busy now, so that it is worth trying again later? */
export function isUnavailable(error: unknown): boolean {
  if (!types.isNativeError(error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  if (error instanceof DatabaseError) return SQLSTATE.test(code);
  return SYSTEM.has(code) || TEXT.test(error.message);
}
