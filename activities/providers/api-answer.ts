import type { ApiResult } from './api-client';
import type { HandedOver } from './provider';
import { retryAfterMs } from './retry-after';

/** An answer of a provider's API. */
export type ApiAnswer = Extract<ApiResult, { kind: 'answer' }>;

/** The members of an object of JSON. */
export type Members = Readonly<Record<string, unknown>>;

/** The members of a JSON object; none of another text, such as the page of a proxy. */
export function membersOf(text: string): Members {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** What a provider answered, for people. */
export function detailOf({ status, text }: Pick<ApiAnswer, 'status' | 'text'>): string {
  return `${status} ${text.slice(0, 500)}`.trim();
}

/**
 * The pause that an answer asks for by `Retry-After`, in real milliseconds; 0 for none.
 * @param now the real time, epoch milliseconds
 */
export function pauseIn({ headers }: ApiAnswer, now: number): number {
  return retryAfterMs(headers['retry-after'] ?? null, now);
}

/** What became of a message whose request got no answer. */
export function unanswered({ code, detail, hasLeft }: Extract<ApiResult, { kind: 'silence' }>): HandedOver {
  return { delivery: { outcome: 'retry', code, detail }, mayBeTaken: hasLeft };
}
