import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import type { Client } from '@temporalio/client';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import { Pool } from 'pg';
import { pinoHttp } from 'pino-http';
import { z } from 'zod';
import { readConfig } from '../../config/env';
import { createLogger, type Logger } from '../../config/log';
import type { Running } from '../../config/run-alone';
import { createClient } from '../../temporal/connection';
import { runPart } from '../part';
import { call, store, type Call, type StoredEvent } from './ingest';
import { HAPPENED, TASK_QUEUE, type Happened } from './types';
import type { welcomeAboard } from './workflow';

const batch = z.object({ batch: z.array(call).min(1) });

interface Parts {
  readonly pool: Pool;
  readonly client: Client;
  readonly log: Logger;
  readonly writeKey: string;
}

/** Creates the HTTP API of the native side, with the same middleware as ours. It stores the rows, then signals each event. */
function createApp({ pool, client, log, writeKey }: Parts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(pinoHttp({ logger: log, quietReqLogger: true, quietResLogger: true }));
  app.use(helmet());
  app.get('/healthz', (_request, response) => void response.json({ ok: true }));
  app.use('/v1', basicAuth(writeKey), rateLimit({ windowMs: 10_000, limit: 20_000 }), express.json({ limit: '500kb' }));

  const receive = async (calls: readonly Call[]): Promise<void> => {
    const events = await store(pool, calls);
    // The response waits for the signals. If one fails, the request fails, and the app sends it again.
    await Promise.all(events.map((event) => signal(client, event)));
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

async function signal(client: Client, { userId, id, name }: StoredEvent): Promise<void> {
  await client.workflow.signalWithStart<typeof welcomeAboard, [Happened]>('welcomeAboard', {
    workflowId: `welcome-aboard/${userId}`,
    taskQueue: TASK_QUEUE,
    args: [{ userId }],
    signal: HAPPENED,
    signalArgs: [{ id, name }],
  });
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

async function start(): Promise<Running> {
  const { databaseUrl, temporal, port, logLevel, writeKey } = readConfig(process.env);
  const pool = new Pool({ connectionString: databaseUrl, max: 10 });
  const client = createClient(temporal);
  const server = createApp({ pool, client, log: createLogger('native', logLevel), writeKey }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await Promise.all([client.connection.close(), pool.end()]);
    },
  };
}

runPart(start);
