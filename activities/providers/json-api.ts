import type { Delivery } from '../channels/channel';
import { detailOf, membersOf, pauseIn, unanswered, type ApiAnswer, type Members } from './api-answer';
import type { ApiClient } from './api-client';
import type { HandedOver, Outgoing } from './provider';

/** A message as the JSON of a provider's API. */
export interface JsonRequest {
  readonly url: string;
  readonly authorization: string;
  readonly body: object;
}

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
  pauseOf: (answer: ApiAnswer) => number = (answer) => pauseIn(answer, Date.now()),
): Promise<HandedOver> {
  const headers = { Authorization: authorization, 'Content-Type': 'application/json; charset=utf-8' };
  const request = { url, headers, body: JSON.stringify(body) };
  const answer = await api.post(request, { signal, confirm: () => message.confirm() });
  if (answer.kind === 'silence') return unanswered(answer);
  if (answer.status >= 200 && answer.status < 300)
    return { delivery: understand(membersOf(answer.text)), mayBeTaken: true };
  return { delivery: refusal(answer, pauseOf(answer)), mayBeTaken: false };
}

/**
 * The statuses that are about the message itself: it can't be read, or is too large. All others may pass, or can be mended meanwhile,
 * such as a wrong key.
 */
const FINAL: readonly number[] = [400, 413, 422];

function refusal({ status, text }: ApiAnswer, afterMs: number): Delivery {
  const detail = detailOf({ status, text });
  if (FINAL.includes(status)) return { outcome: 'suppressed', cause: 'bounced', reason: 'bounced', detail };
  return { outcome: 'retry', code: `http ${status}`, detail, ...(afterMs > 0 && { afterMs }) };
}
