import { connect, rpc } from '@restatedev/restate-sdk-clients';
import { startApi } from '../../by-hand/api';
import { runPart } from '../../part';
import { addressesOf } from './addresses';
import type { WelcomeAboard } from './service';

const welcomeAboard = { name: 'welcomeAboard' } as WelcomeAboard;

runPart(() =>
  startApi(async () => {
    const ingress = connect({ url: addressesOf(process.env).ingress });
    return {
      tell: async ({ userId, id, name }) => {
        const client = ingress.workflowClient(welcomeAboard, userId);
        if (name === 'Signed Up') await client.workflowSubmit();
        else await client.happened({ id, name }, rpc.opts({ idempotencyKey: id }));
      },
      stop: async () => undefined,
    };
  }),
);
