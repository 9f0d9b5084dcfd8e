import { z } from 'zod';
import { recordReports } from '../../store/reports';
import { wake, type ApiDeps } from '../deps';
import { RECEIPTS_EXAMPLE } from '../examples/requests';
import { Problem } from '../problem';
import { RECEIPT_SOURCES } from '../receipts';
import { receiptAccess } from '../receipts/access';
import { standardBody } from '../receipts/standard';
import { route, type Route } from '../route';

/** What providers report about messages. */
export function receiptRoutes({ config, database, definitions, clock, waker, environment = {} }: ApiDeps): Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/receipts/{source}',
      name: 'receiveReceipts',
      tag: 'Receipts',
      summary: 'Report what became of messages',
      description:
        'Providers call this. Each has a path and a signature of its own: see docs/channels.md. The body described here is that of the source ' +
        '`standard`, for your own channels, which is signed by [Standard Webhooks](https://www.standardwebhooks.com) with `RECEIPTS_SECRET`. ' +
        'Receipts may come in any order and several times. One of a message that is not known is accepted and ignored.',
      access: receiptAccess({
        sources: RECEIPT_SOURCES,
        environment,
        publicUrl: config.publicUrl,
        now: () => clock.real(),
      }),
      params: z.object({ source: z.string().max(100).meta({ description: 'The name of the source' }) }),
      raw: true,
      documentedBody: standardBody,
      example: { params: { source: 'standard' }, body: RECEIPTS_EXAMPLE },
      answers: {
        204: { description: 'Accepted' },
        401: { description: 'The signature is missing or wrong' },
        404: { description: 'There is no such source, or its keys are not set' },
      },
      handle: async (_input, receipts) => {
        if (!receipts) throw new Problem(404, { detail: 'There is no such source, or its keys are not set.' });
        const onClock = receipts.map((receipt) => ({ ...receipt, at: clock.fromReal(receipt.at) }));
        wake(waker, await recordReports(database, definitions, onClock, clock.now()));
        return { status: 204 };
      },
    }),
  ];
}
