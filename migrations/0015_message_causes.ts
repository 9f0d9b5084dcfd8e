import type { Knex } from 'knex';

/**
 * Adds codes for why a message was held and why it was not sent. `held_reason` and `reason` are text for people, which no
 * statement compares. Rows from before get their codes from these texts, once.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE messages ADD COLUMN held_for text, ADD COLUMN cause text');
  await knex.raw(`
    UPDATE messages SET held_for = CASE held_reason WHEN 'quiet hours' THEN 'quiet hours' WHEN 'no address yet' THEN 'address' END
    WHERE held_reason IS NOT NULL`);
  await knex.raw(`
    UPDATE messages SET cause = CASE
      WHEN reason IN ('bounced', 'expired', 'no channel') THEN reason
      WHEN reason = 'expires in quiet hours' THEN 'quiet hours'
      WHEN reason = 'no address' THEN 'address'
      WHEN reason = 'no consent' THEN 'consent'
      WHEN reason = 'no subscription' THEN 'subscription'
      WHEN reason = 'template error' THEN 'template'
      WHEN reason LIKE 'capped: %' THEN 'cap'
    END
    WHERE status = 'suppressed'`);
}

/** Removes the codes. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE messages DROP COLUMN held_for, DROP COLUMN cause');
}
