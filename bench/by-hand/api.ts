import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import { Pool } from 'pg';
import { pinoHttp } from 'pino-http';
import { z } from 'zod';
import type { Config } from '../../config/config';
import { readConfig } from '../../config/env';
import { createLogger, type Logger } from '../../config/log';
import type { Running } from '../../config/run-alone';
import { call, store, type Call, type StoredEvent } from './ingest';

const batch = z.object({ batch: z.array(call).min(1) });

/** Tells the engine of a side about an event. It rejects when the engine did not accept the event. */
export type Tell = (event: StoredEvent) => Promise<void>;

/** The connection of an API to the engine of its side. */
export interface Engine {
  readonly tell: Tell;
  stop(): Promise<void>;
}

interface Parts {
  readonly pool: Pool;
  readonly tell: Tell;
  readonly log: Logger;
  readonly writeKey: string;
}

/**
 * Starts the HTTP API of a side written by hand, with the same middleware as ours. It stores the rows of a request, then tells the
 * engine of the events that matter.
 * @param connect connects to the engine
 */
export async function startApi(connect: (config: Config, pool: Pool) => Promise<Engine>): Promise<Running> {
  const config = readConfig(process.env);
  const pool = new Pool({ connectionString: config.databaseUrl, max: 10 });
  const engine = await connect(config, pool);
  const { port, logLevel, writeKey } = config;
  const log = createLogger('by hand', logLevel);
  const server = createApp({ pool, tell: engine.tell, log, writeKey }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await engine.stop();
      await pool.end();
    },
  };
}

/** The events that the journey reads. With BENCH_TELL=matters, the engine hears of these only: a filter written by hand. */
const MATTERS: ReadonlySet<string> = new Set(['Signed Up', 'Activated']);

function createApp({ pool, tell, log, writeKey }: Parts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(pinoHttp({ logger: log, quietReqLogger: true, quietResLogger: true }));
  app.use(helmet());
  app.get('/healthz', (_request, response) => void response.json({ ok: true }));
  app.use('/v1', basicAuth(writeKey), rateLimit({ windowMs: 10_000, limit: 20_000 }), express.json({ limit: '500kb' }));

  const everything = process.env['BENCH_TELL'] !== 'matters';
  const receive = async (calls: readonly Call[]): Promise<void> => {
    const events = await store(pool, calls);
    // The response waits for the engine. If it does not accept an event, the request fails, and the app sends it again.
    await Promise.all(events.filter(({ name }) => everything || MATTERS.has(name)).map(tell));
  };
  app.post('/v1/batch', async (request, response) => {
    await receive(batch.parse(request.body).batch);
    response.json({ ok: true });
  });
  app.post('/v1/track', async (request, response) => {
    const body: unknown = request.body;
    await receive([call.parse(Object.assign({}, body, { type: 'track' }))]);
    response.json({ ok: true });
  });
  app.use(onError);
  return app;
}

function basicAuth(key: string): RequestHandler {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const expected = digest(`Basic ${Buffer.from(`${key}:`).toString('base64')}`);
  return (request, response, next) => {
    if (timingSafeEqual(digest(request.headers.authorization ?? ''), expected)) next();
    else response.status(401).json({ title: 'Unauthorized', status: 401 });
  };
}

const onError: ErrorRequestHandler = (error: unknown, _request, response, _next) => {
  const status = error instanceof z.ZodError ? 422 : 500;
  response.status(status).json({ status, detail: error instanceof Error ? error.message : String(error) });
};
