import type { Content } from '../../sdk/browser/src/wire';
import type { TestApi } from '../api/server';
import { InAppUser } from '../api/in-app-users';

let users = 0;

/** A user that no other test has. */
export function newUser(api: TestApi, ttlMs?: number): Promise<InAppUser> {
  return InAppUser.create(api.database, `user-${process.pid}-${++users}`, ttlMs);
}

/** Delivers a message with the given content. Returns its id. */
export async function deliver(api: TestApi, user: InAppUser, content: Content, slot?: string): Promise<string> {
  const id = await user.store({ step: content.title ?? content.kind, ...(slot !== undefined && { slot }) });
  await api.database.pool.query('UPDATE messages SET content = $2 WHERE id = $1', [id, JSON.stringify(content)]);
  user.announce();
  return id;
}

/** The reactions that the API has stored for a message, in order. */
export async function reactionsTo(api: TestApi, message: string): Promise<string[]> {
  const { rows } = await api.database.pool.query<Record<'seen_at' | 'clicked_at' | 'dismissed_at' | 'answer', unknown>>(
    'SELECT seen_at, clicked_at, dismissed_at, answer FROM messages WHERE id = $1',
    [message],
  );
  return Object.entries(rows[0] ?? {})
    .filter(([, value]) => value !== null)
    .map(([name]) => name.replace(/_at$/, ''));
}
