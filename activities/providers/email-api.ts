import type { Delivery } from '../channels/channel';
import type { EmailContent } from '../templates/content';
import { detailOf, pauseIn, unanswered, type ApiAnswer } from './api-answer';
import { ApiClient, type ApiRequest } from './api-client';
import type { Outgoing, Provider } from './provider';

/** A message on its way to a provider of emails. */
export type OutgoingEmail = Outgoing<EmailContent>;

/** What tells the APIs for emails apart. */
export interface EmailApi {
  readonly name: string;
  /** Default: 30 seconds. Real milliseconds. */
  readonly timeoutMs?: number;
  request(message: OutgoingEmail): ApiRequest | Promise<ApiRequest>;
  /** Interprets an answer. Null for one that says nothing of the message: another attempt may succeed. */
  outcome(answer: ApiAnswer, message: OutgoingEmail): Delivery | null;
  /** The pause that an answer asks for, in real milliseconds. Default: its `Retry-After`. */
  readonly pauseMs?: (answer: ApiAnswer, now: number) => number;
}

/** Makes a provider of an API that takes one email by one POST. */
export function emailApi(api: EmailApi): Provider<EmailContent> {
  const client = new ApiClient(api.timeoutMs);
  return {
    name: api.name,
    async send(message, signal) {
      const result = await client.post(await api.request(message), { signal, confirm: () => message.confirm() });
      if (result.kind === 'silence') return unanswered(result);
      const delivery = api.outcome(result, message) ?? again(api, result);
      return { delivery, mayBeTaken: delivery.outcome === 'sent' };
    },
    async close() {
      client.close();
    },
  };
}

function again({ name, pauseMs = pauseIn }: EmailApi, answer: ApiAnswer): Delivery {
  const afterMs = pauseMs(answer, Date.now());
  const code = `${name} ${answer.status}`;
  return { outcome: 'retry', code, detail: detailOf(answer), ...(afterMs > 0 && { afterMs }) };
}

/** The outcome of a message that a provider will never take. `deadAddress` only if the reason is the address itself. */
export function refusal(answer: ApiAnswer, deadAddress?: string): Delivery {
  return {
    ...{ outcome: 'suppressed', cause: 'bounced', reason: 'bounced', detail: detailOf(answer) },
    ...(deadAddress !== undefined && { deadAddress }),
  };
}

/** A text in an answer as the provider's id of the message; null when it is none. */
export function idIn(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
