import { once } from 'node:events';
import { createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A request of the client. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** When it came, by the steady clock. */
  readonly at: number;
  /** The status of its answer; undefined until there is one, or if it was cut. */
  status?: number;
  /** When its answer began, by the steady clock. */
  answeredAt?: number;
  etag?: string;
}

/** What a request gets in place of the API's answer: an answer, a cut connection, or the API's answer lost on its way. */
export type Instead =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  | 'cut'
  | 'lose the answer';

/** Seconds between two comments of a stream, by the protocol. */
const COMMENT_S = 15;

/** The network between a client and the API. It notes every request, and does what a check asks of it. */
export class Proxy {
  readonly seen: Seen[] = [];
  /** Says what a request gets instead of the API's answer. */
  rule: (request: Seen) => Instead | undefined = () => undefined;
  /** Comments that were sent to the client. */
  comments = 0;
  /** The id of the last event that was sent to the client. */
  lastId: string | undefined;
  /** When anything was last written to a stream, by the steady clock. */
  writtenAt = 0;
  private isOnline = true;
  private isSilent = false;
  private readonly streams = new Set<ServerResponse>();
  private readonly timer: NodeJS.Timeout;
  private readonly server = createServer((request, response) => void this.take(request, response));

  private constructor(
    private readonly target: string,
    speed: number,
  ) {
    // The API's own comments would be too rare for a client whose clock is fast.
    this.timer = setInterval(
      () => {
        if (this.isSilent || this.streams.size === 0) return;
        this.comments++;
        this.write(':\n\n');
      },
      (COMMENT_S * 1_000) / speed,
    );
  }

  /** @param speed how fast the client's clock is */
  static async start(target: string, speed: number): Promise<Proxy> {
    const proxy = new Proxy(target, speed);
    proxy.server.listen(0, '127.0.0.1');
    await once(proxy.server, 'listening');
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get hasStream(): boolean {
    return this.streams.size > 0;
  }

  /** The requests of a method whose path begins like this. */
  requests(method: string, path = '/'): readonly Seen[] {
    return this.seen.filter((one) => one.method === method && one.path.startsWith(path));
  }

  /** Cuts every connection, and all that come, until `connect`. */
  disconnect(): void {
    this.isOnline = false;
    this.cut();
  }

  connect(): void {
    this.isOnline = true;
  }

  /** Cuts every connection. */
  cut(): void {
    this.server.closeAllConnections();
  }

  /** Writes to the streams that are open, as the API would. */
  write(written: string): void {
    this.writtenAt = performance.now();
    for (const stream of this.streams) stream.write(written);
  }

  /** Ends the streams that are open, as the API does. */
  end(reason: 'token' | 'stopping' | 'slow'): void {
    for (const stream of this.streams) stream.end(`event: end\ndata: {"reason":"${reason}"}\n\n`);
    this.streams.clear();
  }

  /** Lets nothing through any more on the streams that are open, comments included. */
  silence(): void {
    this.isSilent = true;
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.isOnline) {
      request.socket.destroy();
      return;
    }
    const { method = '', url: path = '', headers } = request;
    const at = performance.now();
    try {
      const seen: Seen = { method, path, headers, body: await text(request), at };
      this.seen.push(seen);
      const instead = this.rule(seen);
      if (instead === 'cut') request.socket.destroy();
      else if (instead === undefined || instead === 'lose the answer')
        await this.forward(seen, response, instead !== undefined);
      else answer(seen, response, instead);
    } catch {
      // The client has gone, or the connection was cut.
      request.socket.destroy();
    }
  }

  private async forward(seen: Seen, response: ServerResponse, lose: boolean): Promise<void> {
    const upstream = send(this.target + seen.path, { method: seen.method, headers: seen.headers, agent: false });
    response.once('close', () => upstream.destroy());
    upstream.end(seen.body);
    const [answered] = (await once(upstream, 'response')) as [IncomingMessage];
    answered.on('error', () => response.destroy());
    if (lose) {
      await text(answered);
      response.destroy();
      return;
    }
    const { statusCode = 0, headers } = answered;
    const { etag } = headers;
    Object.assign(seen, { status: statusCode, answeredAt: performance.now(), ...(etag !== undefined && { etag }) });
    response.writeHead(statusCode, headers);
    const isStream = headers['content-type']?.startsWith('text/event-stream') === true;
    if (!isStream) {
      answered.pipe(response);
      return;
    }
    this.isSilent = false;
    response.flushHeaders();
    this.streams.add(response);
    response.once('close', () => this.streams.delete(response));
    answered.setEncoding('utf8');
    answered.on('data', (piece: string) => {
      if (this.isSilent || response.writableEnded) return;
      this.lastId = [...piece.matchAll(/^id: (.*)$/gm)].at(-1)?.[1] ?? this.lastId;
      this.writtenAt = performance.now();
      response.write(piece);
    });
    answered.on('end', () => response.end());
  }
}

function answer(
  seen: Seen,
  response: ServerResponse,
  { status, headers = {}, body = '' }: Exclude<Instead, string>,
): void {
  Object.assign(seen, { status, answeredAt: performance.now() });
  response.writeHead(status, headers).end(body);
}
