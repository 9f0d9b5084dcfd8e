import type { Delivery } from '../channels/channel';
import type { ApiClient, ApiResult } from './api-client';
import type { HandedOver, Outgoing } from './provider';
import { retryAfterMs } from './retry-after';

/** An answer of a provider's API. */
export type ApiAnswer = Extract<ApiResult, { kind: 'answer' }>;

/** A message as the JSON of a provider's API. */
export interface JsonRequest {
  readonly url: string;
  readonly authorization: string;
  readonly body: object;
}

/** The members of an object of JSON. */
export type Members = Readonly<Record<string, unknown>>;

/**
 * Posts a message as JSON.
 * @param understand the outcome of an answer of the class 2xx, by its members
 * @param pauseOf the pause that an answer asks for, in real milliseconds; default: that of `Retry-After`
 */
export async function handOverJson(
  api: ApiClient,
  { url, authorization, body }: JsonRequest,
  message: Pick<Outgoing<unknown>, 'confirm'>,
  signal: AbortSignal,
  understand: (members: Members) => Delivery,
  pauseOf: (answer: ApiAnswer) => number = pauseAsked,
): Promise<HandedOver> {
  const headers = { Authorization: authorization, 'Content-Type': 'application/json; charset=utf-8' };
  const request = { url, headers, body: JSON.stringify(body) };
  const answer = await api.post(request, { signal, confirm: () => message.confirm() });
  if (answer.kind === 'silence') return unanswered(answer);
  if (answer.status >= 200 && answer.status < 300)
    return { delivery: understand(membersOf(answer.text)), mayBeTaken: true };
  return { delivery: refusal(answer, pauseOf(answer)), mayBeTaken: false };
}

/** What became of a message whose request got no answer. */
export function unanswered({ code, detail, hasLeft }: Extract<ApiResult, { kind: 'silence' }>): HandedOver {
  return { delivery: { outcome: 'retry', code, detail }, mayBeTaken: hasLeft };
}

/**
 * The statuses that are about the message itself: it can't be read, or is too large. All others may pass, or can be mended meanwhile,
 * such as a wrong key.
 */
const FINAL: readonly number[] = [400, 413, 422];

function refusal({ status, text }: ApiAnswer, afterMs: number): Delivery {
  const detail = `${status} ${text.slice(0, 500)}`.trim();
  if (FINAL.includes(status)) return { outcome: 'suppressed', cause: 'bounced', reason: 'bounced', detail };
  return { outcome: 'retry', code: `http ${status}`, detail, ...(afterMs > 0 && { afterMs }) };
}

/** The pause that an answer asks for by `Retry-After`, in real milliseconds; 0 for none. */
function pauseAsked({ headers }: ApiAnswer): number {
  return retryAfterMs(headers['retry-after'] ?? null, Date.now());
}

/** The members of a JSON object; none of another text, such as the page of a proxy. */
export function membersOf(text: string): Members {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
