import { once } from 'node:events';
import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { until } from '../support/until';

/** An event as it was sent. */
export interface SentEvent {
  readonly id: string | null;
  readonly event: string;
  readonly data: unknown;
}

/** A client of `GET /v1/stream` over a socket of its own. */
export class EventStream {
  readonly events: SentEvent[] = [];
  /** The members of the state, as far as they were sent. */
  state: Readonly<Record<string, unknown>> = {};
  lastId: string | null = null;
  isClosed = false;
  private rest = '';

  private constructor(
    private readonly response: IncomingMessage,
    private readonly reconnect: (lastId: string | null) => Promise<EventStream>,
  ) {
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => this.take(chunk));
    response.on('error', () => undefined);
    response.on('close', () => (this.isClosed = true));
  }

  /** @throws when there is no answer at all */
  static async open(url: string, token: string, lastEventId?: string | null, method = 'GET'): Promise<EventStream> {
    const headers = {
      Authorization: `Bearer ${token}`,
      ...(typeof lastEventId === 'string' && { 'Last-Event-ID': lastEventId }),
    };
    const call = request(`${url}/v1/stream`, { method, agent: false, headers });
    call.end();
    const [response] = (await once(call, 'response')) as [IncomingMessage];
    return new EventStream(response, (lastId) => EventStream.open(url, token, lastId));
  }

  /** Connects again, as a page does that keeps its state. */
  async reopen(): Promise<EventStream> {
    const next = await this.reconnect(this.lastId);
    // Nothing that has arrived meanwhile is older.
    next.state = { ...this.state, ...next.state };
    next.lastId ??= this.lastId;
    return next;
  }

  get status(): number {
    return this.response.statusCode ?? 0;
  }

  get headers(): IncomingHttpHeaders {
    return this.response.headers;
  }

  /** The reason in the event `end`; null before it. */
  get endReason(): unknown {
    const end = this.events.find(({ event }) => event === 'end');
    return end ? (end.data as { reason: unknown }).reason : null;
  }

  /** Waits until the page shows these steps, in this order. */
  async untilShows(...steps: readonly string[]): Promise<void> {
    await until(`the page shows ${steps.join(', ') || 'nothing'}`, () => {
      const { messages } = this.state as { messages?: readonly { step: string }[] };
      return messages?.map(({ step }) => step).join() === steps.join();
    });
  }

  /** Waits until the stream has ended, and its socket is closed. */
  async untilEnds(reason: string): Promise<void> {
    await until(`the stream ends: ${reason}`, () => this.endReason === reason && this.isClosed);
  }

  pause(): void {
    this.response.pause();
  }

  resume(): void {
    this.response.resume();
  }

  close(): void {
    this.isClosed = true;
    this.response.destroy();
  }

  private take(chunk: string): void {
    const blocks = (this.rest + chunk).split('\n\n');
    this.rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(
        block.split('\n').map((line) => {
          const [name = '', ...value] = line.split(': ');
          return [name, value.join(': ')];
        }),
      );
      if (!fields.has('data')) continue;
      const sent = {
        id: fields.get('id') ?? null,
        event: fields.get('event') ?? 'message',
        data: JSON.parse(fields.get('data') ?? '') as unknown,
      };
      this.events.push(sent);
      this.lastId = sent.id ?? this.lastId;
      if (sent.event === 'state') this.state = { ...this.state, ...(sent.data as object) };
    }
  }
}
