import { journey } from 'sojourn';
import { synced } from '../events';

const attempts = new Map<string, number>();

/** Makes a call that fails twice, then stores the number of tries. */
export default journey('sync', { enter: synced }, async (j) => {
  const tries = await j.call('push to the CRM', ({ user }) => {
    const attempt = (attempts.get(user.id) ?? 0) + 1;
    attempts.set(user.id, attempt);
    return attempt < 3
      ? Promise.reject(new Error(`no answer for ${JSON.stringify(user.traits)}`))
      : Promise.resolve(attempt);
  });
  await j.set('remember', { crmTries: tries });
});
