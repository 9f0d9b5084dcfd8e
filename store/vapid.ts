import type { Knex } from 'knex';
import { generateVAPIDKeys, type VapidKeys } from 'web-push';

/**
 * Returns the key pair that identifies this installation to push services (RFC 8292). Browsers subscribe with the public key, so
 * the pair is generated once and never changes. If several processes start at once, all of them use the pair that was stored first.
 */
export async function vapidKeys(knex: Knex): Promise<VapidKeys> {
  await knex('settings')
    .insert({ name: 'vapid', value: JSON.stringify(generateVAPIDKeys()) })
    .onConflict('name')
    .ignore();
  const [keys] = (await knex('settings').where({ name: 'vapid' }).pluck('value')) as [VapidKeys];
  return keys;
}
