import { types } from 'node:util';
import { isUnavailable } from '../store/unavailable';
import { Problem } from './problem';

/** What Express and its body parser refuse, by their own name for it, in words for the client. */
const REFUSALS: Readonly<Record<string, string>> = {
  'entity.parse.failed': 'The body is not JSON.',
  'entity.too.large': 'The body is too large, as sent or once decompressed.',
  'encoding.unsupported': 'This Content-Encoding is not supported: use gzip, deflate or br.',
  'charset.unsupported': 'This charset is not supported: use UTF-8.',
  'request.aborted': 'The request ended before its body did.',
  'request.size.invalid': 'The body is not as long as Content-Length says.',
};

/** Seconds after which the database may well be back, or less busy. */
const RETRY_AFTER_S = 5;

/** What a client is told of an error. Of ours nothing but that there was one. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (isUnavailable(error))
    return new Problem(503, { detail: 'The database can not be reached, or is too busy.', retryAfter: RETRY_AFTER_S });
  if (error instanceof URIError) return new Problem(400, { detail: 'The path is not properly percent-encoded.' });
  const { status, type } = refusal(error);
  if (status === null) return new Problem(500);
  return new Problem(status, { detail: REFUSALS[type] ?? 'The body can not be read.' });
}

/** The status of an error Express or its parsers blame on the client. */
function refusal(error: unknown): { readonly status: number | null; readonly type: string } {
  if (!types.isNativeError(error)) return { status: null, type: '' };
  const status = 'status' in error && typeof error.status === 'number' && error.status < 500 ? error.status : null;
  return { status, type: 'type' in error ? String(error.type) : '' };
}
