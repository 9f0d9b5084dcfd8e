import { types } from 'node:util';
import { DatabaseError } from 'pg';

/**
 * Classes and codes of SQLSTATE for a server that can't serve now: connection exceptions, insufficient resources, shutdown and
 * startup; read-only, as during a failover; and overload: serialization failures, deadlocks, and timeouts of locks, statements and
 * transactions.
 */
const SQLSTATE = /^(?:08|53|57P|25006|25P03|40001|40P01|55P03|57014)/;
const SYSTEM = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH']);
/** Errors of pg that have a message but no code. */
const TEXT =
  /^(?:Connection terminated|timeout expired|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error)/;

/** Tells whether an error means that the database can't be reached or is overloaded, so that a later retry may succeed. */
export function isUnavailable(error: unknown): boolean {
  if (!types.isNativeError(error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  if (error instanceof DatabaseError) return SQLSTATE.test(code);
  return SYSTEM.has(code) || TEXT.test(error.message);
}
