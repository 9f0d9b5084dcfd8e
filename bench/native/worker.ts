import { join } from 'node:path';
import { NativeConnection, Worker } from '@temporalio/worker';
import { Pool } from 'pg';
import { loadTemplates } from '../../activities/templates/load';
import { readConfig } from '../../config/env';
import type { Running } from '../../config/run-alone';
import { connectionOptions } from '../../temporal/connection';
import { benchChannel } from '../channel';
import { createSteps } from '../by-hand/steps';
import { runPart } from '../part';
import { TASK_QUEUE } from './types';

async function start(): Promise<Running> {
  const config = readConfig(process.env);
  const pool = new Pool({ connectionString: config.databaseUrl, max: 10 });
  const channel = benchChannel({ ...config, templates: await loadTemplates(config.journeysPath) });
  const connection = await NativeConnection.connect(connectionOptions(config.temporal));
  const worker = await Worker.create({
    connection,
    namespace: config.temporal.namespace,
    taskQueue: TASK_QUEUE,
    workflowBundle: { codePath: join(__dirname, 'workflow-bundle.js') },
    activities: { ...createSteps(pool, channel) },
  });
  const running = worker.run();
  return {
    stop: async () => {
      worker.shutdown();
      await running;
      await Promise.all([connection.close(), pool.end()]);
    },
  };
}

runPart(start);
