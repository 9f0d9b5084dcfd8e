import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import type { Logger } from 'pino';
import { pinoHttp, type HttpLogger } from 'pino-http';
import { blame } from '../config/log';

const HEADER = 'X-Request-Id';
/** Matches request ids from clients that are safe in logs and headers. */
const SAFE_ID = /^[\w.:-]{1,100}$/;

/** Logs one line per request, with its id and the pattern of its route. It logs no addresses, bodies or user ids. */
export function requestLog(logger: Logger): HttpLogger<Request, Response> {
  return pinoHttp<Request, Response>({
    logger,
    genReqId: (request, response) => {
      const given = request.get(HEADER) ?? '';
      const id = SAFE_ID.test(given) ? given : randomUUID();
      response.set(HEADER, id);
      return id;
    },
    quietReqLogger: true,
    quietResLogger: true,
    // A line has nothing of the request that `summary` does not pick. Without this, every request would be copied for nothing.
    wrapSerializers: false,
    serializers: { req: () => undefined },
    customAttributeKeys: { reqId: 'requestId' },
    customLogLevel: (_request, response) => (statusOf(response) >= 500 ? 'error' : 'info'),
    customSuccessObject: summary,
    customErrorObject: (request, response, error, timed: Timed) => ({
      ...summary(request, response, timed),
      error: blame(error),
    }),
  });
}

/** The id of the request that a response belongs to. */
export function requestIdOf(response: Response): string {
  return String(response.getHeader(HEADER));
}

/** The status that is logged and counted when the client hung up before it was answered, as in nginx. It is never sent. */
const HUNG_UP = 499;

/** Notes that a response is a stream, which ends by its client hanging up. */
export function markStreamed(response: Response): void {
  response.locals['streamed'] = true;
}

/** The status that the client received; 499 when it hung up before it received one. */
export function statusOf(response: Response): number {
  return response.writableFinished || response.locals['streamed'] === true ? response.statusCode : HUNG_UP;
}

/** What pino-http measures, in real milliseconds. */
interface Timed {
  readonly responseTime: number;
}

function summary(request: Request, response: Response, { responseTime }: Timed): object {
  const route = String(response.locals['route'] ?? 'unknown');
  return { method: request.method, route, status: statusOf(response), responseTime };
}
