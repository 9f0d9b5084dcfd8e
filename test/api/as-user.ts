import { signUserToken } from '../../config/tokens';
import { SECRET, type Answer, type TestApi } from './server';

/** Calls the API as the user's own client does. */
export async function asUser(
  api: TestApi,
  userId: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  const headers = {
    authorization: `Bearer ${await signUserToken(SECRET, userId, 60_000)}`,
    ...(body !== undefined && { 'content-type': 'application/json' }),
  };
  return api.call(method, path, { headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
}
