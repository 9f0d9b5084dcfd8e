import type { Knex } from 'knex';
import { generateVAPIDKeys, type VapidKeys } from 'web-push';

/**
 * The key pair that identifies this installation to push services (RFC 8292). Browsers subscribe with the public key, so it
 * is made once and never changes; of several processes that start at once one wins.
 */
export async function vapidKeys(knex: Knex): Promise<VapidKeys> {
  await knex('settings')
    .insert({ name: 'vapid', value: JSON.stringify(generateVAPIDKeys()) })
    .onConflict('name')
    .ignore();
  const [keys] = (await knex('settings').where({ name: 'vapid' }).pluck('value')) as [VapidKeys];
  return keys;
}
