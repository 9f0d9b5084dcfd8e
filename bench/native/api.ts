import { createClient } from '../../temporal/connection';
import { startApi } from '../by-hand/api';
import { runPart } from '../part';
import { HAPPENED, TASK_QUEUE, type Happened } from './types';
import type { welcomeAboard } from './workflow';

runPart(() =>
  startApi(async ({ temporal }) => {
    const client = createClient(temporal);
    return {
      tell: async ({ userId, id, name }) => {
        await client.workflow.signalWithStart<typeof welcomeAboard, [Happened]>('welcomeAboard', {
          workflowId: `welcome-aboard/${userId}`,
          taskQueue: TASK_QUEUE,
          args: [{ userId }],
          signal: HAPPENED,
          signalArgs: [{ id, name }],
        });
      },
      stop: () => client.connection.close(),
    };
  }),
);
