import { DBOS } from '@dbos-inc/dbos-sdk';
import { loadTemplates } from '../../../activities/templates/load';
import { startApi } from '../../by-hand/api';
import { createSteps, type WelcomeSteps } from '../../by-hand/steps';
import { benchChannel } from '../../channel';
import { runPart } from '../../part';

const HOURS_48_IN_SECONDS = 48 * 3_600;

let steps: WelcomeSteps;

/** The journey `welcome-aboard` on DBOS: one workflow per user, with a message for each event. The name of an event is the topic. */
async function welcome(userId: string): Promise<void> {
  await DBOS.runStep(() => steps.enter(userId), { name: 'enter' });
  await DBOS.runStep(() => steps.send({ userId, step: 'welcome' }), { name: 'welcome' });
  const activated = await DBOS.recv<string>('Activated', { timeoutSeconds: HOURS_48_IN_SECONDS });
  if (activated !== null)
    await DBOS.runStep(() => steps.send({ userId, step: 'congratulation' }), { name: 'congratulation' });
  await DBOS.runStep(() => steps.leave(userId, activated === null ? 'exited' : 'completed'), { name: 'leave' });
}
const welcomeAboard = DBOS.registerWorkflow(welcome, { name: 'welcomeAboard' });

// As its documentation has it, the workflows run in the process of the app: one process is the API and the worker.
runPart(() =>
  startApi(async (config, pool) => {
    steps = createSteps(pool, benchChannel({ ...config, templates: await loadTemplates(config.journeysPath) }));
    DBOS.setConfig({ name: 'bench', systemDatabaseUrl: config.databaseUrl, logLevel: 'error', runAdminServer: false });
    await DBOS.launch();
    return {
      tell: async ({ userId, id, name }) => {
        const workflowID = `welcome-aboard/${userId}`;
        if (name === 'Signed Up') await DBOS.startWorkflow(welcomeAboard, { workflowID })(userId);
        else await DBOS.send(workflowID, id, name, id);
      },
      stop: () => DBOS.shutdown(),
    };
  }),
);
