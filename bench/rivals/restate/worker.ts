import './with-resolvers';
import { createServer } from 'node:http2';
import { once } from 'node:events';
import { endpoint } from '@restatedev/restate-sdk';
import { Pool } from 'pg';
import { loadTemplates } from '../../../activities/templates/load';
import { readConfig } from '../../../config/env';
import type { Running } from '../../../config/run-alone';
import { freePort } from '../../../dev/port';
import { createSteps } from '../../by-hand/steps';
import { benchChannel } from '../../channel';
import { runPart } from '../../part';
import { addressesOf } from './addresses';
import { createWelcomeAboard } from './service';

async function start(): Promise<Running> {
  const config = readConfig(process.env);
  const pool = new Pool({ connectionString: config.databaseUrl, max: 10 });
  const channel = benchChannel({ ...config, templates: await loadTemplates(config.journeysPath) });
  const handler = endpoint()
    .bind(createWelcomeAboard(createSteps(pool, channel)))
    .setLogger(() => undefined)
    .http2Handler();
  const server = createServer(handler);
  const port = await freePort();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  await register(`http://127.0.0.1:${port}`);
  return {
    stop: async () => {
      server.close();
      await pool.end();
    },
  };
}

/** Tells the Restate server where the workflow is. */
async function register(uri: string): Promise<void> {
  const answer = await fetch(`${addressesOf(process.env).admin}/deployments`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ uri, force: true }),
  });
  if (!answer.ok) throw new Error(`Expected the Restate server to take the workflow, got ${await answer.text()}`);
}

runPart(start);
