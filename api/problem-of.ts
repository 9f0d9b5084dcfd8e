import { types } from 'node:util';
import { isUnavailable } from '../store/unavailable';
import { Problem } from './problem';

/** The details that the client receives for errors of Express and its body parser, by their `type`. */
const REFUSALS: Readonly<Record<string, string>> = {
  'encoding.unsupported': 'The Content-Encoding must be gzip, deflate or br.',
  'charset.unsupported': 'The charset must be UTF-8.',
  'request.aborted': 'The request ended before its body was complete.',
  'request.size.invalid': 'The length of the body must match Content-Length.',
};

/** Real seconds after which the database is likely to be available again. */
const RETRY_AFTER_S = 5;

/** Converts an error to the problem that the client receives. Internal errors become a 500 without details. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (isUnavailable(error))
    return new Problem(503, {
      detail: 'The database is unreachable or too busy. Retry later.',
      retryAfter: RETRY_AFTER_S,
    });
  if (error instanceof URIError) return new Problem(400, { detail: 'The path must be properly percent-encoded.' });
  const { status, type, limit } = refusal(error);
  if (status === null) return new Problem(500);
  const detail =
    limit === null
      ? (REFUSALS[type] ?? 'The body cannot be read.')
      : `The body must not be larger than ${limit / 1024} KB, as sent or decompressed.`;
  return new Problem(status, { detail });
}

interface Refusal {
  readonly status: number | null;
  readonly type: string;
  /** Of a body that is too large: how large it may be. */
  readonly limit: number | null;
}

/** What an error says that Express or its parsers attribute to the client; otherwise the status is null. */
function refusal(error: unknown): Refusal {
  if (!types.isNativeError(error)) return { status: null, type: '', limit: null };
  const status = 'status' in error && typeof error.status === 'number' && error.status < 500 ? error.status : null;
  const limit = 'limit' in error && typeof error.limit === 'number' ? error.limit : null;
  return { status, type: 'type' in error ? String(error.type) : '', limit };
}
