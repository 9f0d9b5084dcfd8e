import type { Twilio } from 'twilio';
import { ApiClient, type ApiResult } from './api-client';
import { membersOf, unanswered } from './api-answer';
import type { HandedOver, Outgoing } from './provider';
import { TwilioRefusal, twilioRefused } from './twilio-refusal';

/** An account at Twilio. */
export interface TwilioAccount {
  /** Its id: `AC` and 32 hexadecimal digits. */
  readonly accountSid: string;
  readonly authToken: string;
  /** Where receipts come to. Twilio is not asked for receipts unless it is an `https` address, because it could not reach it. */
  readonly publicUrl: string;
  /** Another host than Twilio's, for tests. */
  readonly url?: string;
}

/** The part of the client's requests that matters here. */
interface ClientRequest {
  readonly uri: string;
  readonly username?: string;
  readonly password?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly data?: Readonly<Record<string, string | number | readonly string[]>>;
}

/** Carries through the client that a request got no answer. */
class NoAnswerError extends Error {
  constructor(readonly result: Extract<ApiResult, { kind: 'silence' }>) {
    super(result.detail);
  }
}

/** The calls of a Twilio account, made by its official client. */
export class TwilioCalls {
  readonly #api = new ApiClient();

  constructor(private readonly account: TwilioAccount) {}

  /**
   * Makes one call for a message. Twilio knows no idempotency keys, so a request without an answer may have been carried out.
   * @param create makes the request by the client
   * @throws programming errors
   */
  async handOver(
    message: Pick<Outgoing<unknown>, 'to' | 'confirm'>,
    signal: AbortSignal,
    create: (client: Twilio) => Promise<{ readonly sid?: string }>,
  ): Promise<HandedOver> {
    try {
      // A client costs microseconds: this one knows the message, and with it whom to ask before the request leaves.
      const { sid = null } = await create(await this.#client(signal, () => message.confirm()));
      return { delivery: { outcome: 'sent', providerId: sid }, mayBeTaken: true };
    } catch (error) {
      if (error instanceof NoAnswerError) return unanswered(error.result);
      if (error instanceof TwilioRefusal) return { delivery: twilioRefused(error, message.to), mayBeTaken: false };
      throw error;
    }
  }

  /** Where Twilio reports about a message. Its signature covers the whole address, and with it the id. */
  receiptsFor(messageId: string): { readonly statusCallback?: string } {
    const { publicUrl } = this.account;
    if (!publicUrl.startsWith('https:')) return {};
    return { statusCallback: `${publicUrl}/v1/receipts/twilio?message=${messageId}` };
  }

  close(): void {
    this.#api.close();
  }

  async #client(signal: AbortSignal, confirm: () => Promise<void>): Promise<Twilio> {
    const { accountSid, authToken, url } = this.account;
    // Loaded with the first message: the client takes a quarter of a second, and most processes send none.
    const { default: twilio } = await import('twilio');
    const request = (asked: ClientRequest): Promise<unknown> => this.#post(asked, url, signal, confirm);
    // The client only calls `request` of this.
    const httpClient = { request } as unknown as InstanceType<typeof twilio.RequestClient>;
    return twilio(accountSid, authToken, { httpClient });
  }

  async #post(
    { uri, username = '', password = '', headers = {}, data = {} }: ClientRequest,
    host: string | undefined,
    signal: AbortSignal,
    confirm: () => Promise<void>,
  ): Promise<unknown> {
    const { pathname, search } = new URL(uri);
    const fields = Object.entries(data).flatMap(([name, value]) =>
      (typeof value === 'object' ? value : [value]).map((one): [string, string] => [name, String(one)]),
    );
    const answer = await this.#api.post(
      {
        url: host === undefined ? uri : `${host}${pathname}${search}`,
        headers: { ...headers, Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` },
        body: new URLSearchParams(fields).toString(),
      },
      { signal, confirm },
    );
    if (answer.kind === 'silence') throw new NoAnswerError(answer);
    const body = membersOf(answer.text);
    if (answer.status < 200 || answer.status >= 300) throw new TwilioRefusal(answer, body);
    return { statusCode: answer.status, body, headers: answer.headers };
  }
}
