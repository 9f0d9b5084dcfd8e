import { z } from 'zod';
import { signUserToken } from '../../config/tokens';
import { event } from '../../engine/authoring/event';
import { journey } from '../../engine/authoring/journey';
import { createInbox } from '../../store/inbox';
import { until } from '../support/until';
import { advanceUser } from './engine';
import { EventStream } from './event-stream';
import { SECRET, startApi, testDefinitions, type TestApi } from './server';

const opened = event('Opened', z.object({}), {});
const bought = event('Bought', z.object({}), {});
const hint = journey('hint', { enter: opened, exit: [bought] }, async (j) => {
  await j.send('hint', { inApp: 'nudge' }, { while: 'inside' });
  await j.send('news', { inApp: 'nudge' }, { data: { n: 2 } });
  await j.sleep('a week', '7 days');
});

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ code: await testDefinitions(hint) });
});
afterAll(() => api.stop());

test('a message that lasts while its user is inside leaves their open page when they leave the journey', async () => {
  const userId = 'ada';
  await api.write('/v1/track', { userId, event: 'Opened' });
  await advanceUser(api, userId);
  const messages = await api.database
    .knex('messages')
    .where({ user_id: userId })
    .select<{ id: string; step: string }[]>();
  for (const { id } of messages) await createInbox(api.database).save(id, { kind: 'card', title: 'T', body: 'B' });
  await api.database.knex('messages').where({ user_id: userId }).update({ status: 'sent', sent_at: 0 });
  const stream = await EventStream.open(api.url, await signUserToken(SECRET, userId, 60_000));
  const shown = (): string[] => ((stream.state['messages'] ?? []) as { step: string }[]).map(({ step }) => step).sort();
  await until('both messages', () => Promise.resolve(shown().join() === 'hint,news'));
  await api.write('/v1/track', { userId, event: 'Bought' });
  await advanceUser(api, userId);
  await until('the news alone', () => Promise.resolve(shown().join() === 'news'));
  stream.close();
});
