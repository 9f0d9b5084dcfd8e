import * as http from 'node:http';
import * as https from 'node:https';
import { exchange, SilenceError, type Exchanged, type Posting } from './exchange';

/** A request to a provider's API. */
export type ApiRequest = Posting & {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** What came of a request: the answer, or why there is none. */
export type ApiResult =
  | (Exchanged & { readonly kind: 'answer' })
  | {
      readonly kind: 'silence';
      /** Such as `ECONNREFUSED`; `ETIMEDOUT` after the timeout, `EABORT` for an aborted attempt. */
      readonly code: string;
      readonly detail: string;
      /** The request had begun to leave, so the provider may have acted on it. */
      readonly hasLeft: boolean;
    };

/** What a request waits for. */
export interface Asking {
  readonly signal: AbortSignal;
  /** Asked when the connection is open. When it rejects, nothing is sent. */
  readonly confirm: () => Promise<void>;
}

/** Real milliseconds for the whole exchange, unless a provider says otherwise. */
const TIMEOUT_MS = 30_000;
/** Answers are a few hundred characters. */
const TEXT_LIMIT = 65_536;

/** Posts to one provider's API over kept-alive connections. It follows no redirect. */
export class ApiClient {
  readonly #agents = { http: new http.Agent({ keepAlive: true }), https: new https.Agent({ keepAlive: true }) };
  readonly #timeoutMs: number;

  /** @param timeoutMs real milliseconds for the whole exchange */
  constructor(timeoutMs = TIMEOUT_MS) {
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Posts a request.
   * @throws what `confirm` rejects with, and programming errors
   */
  async post(request: ApiRequest, asking: Asking): Promise<ApiResult> {
    const options = { ...asking, agents: this.#agents, timeoutMs: this.#timeoutMs, textLimit: TEXT_LIMIT };
    try {
      return { kind: 'answer', ...(await exchange(request, options)) };
    } catch (error) {
      if (!(error instanceof SilenceError)) throw error;
      const { code, message, hasLeft } = error;
      return { kind: 'silence', code, detail: message, hasLeft };
    }
  }

  /** Closes the connections. */
  close(): void {
    this.#agents.http.destroy();
    this.#agents.https.destroy();
  }
}
