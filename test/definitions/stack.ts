import { freePort } from '../../dev/port';
import type { JsonObject } from '../../engine/model/json';
import { startServer } from '../../server';
import { startLifecycle, type TestLifecycle } from '../support/lifecycle';

/** The whole stack, with its API. */
export interface DefinitionStack extends TestLifecycle {
  /** Calls the API with the admin key and returns the body. */
  admin(method: string, path: string, body?: unknown): Promise<JsonObject>;
  /** Publishes the draft of a journey. */
  publish(id: string): Promise<void>;
  /** Sends an event of a user, as an app would. */
  tell(userId: string, event: string, properties?: JsonObject): Promise<void>;
  /** The user is identified with these traits, besides an address. */
  identify(userId: string, traits: JsonObject): Promise<void>;
  /** The number of mails with this subject that a user has received. */
  mails(userId: string, subject?: string): number;
  /** The only run of a user. */
  run(userId: string): Promise<RunRow | undefined>;
}

export interface RunRow {
  readonly status: string;
  readonly position: string | null;
  readonly reason: string;
  readonly version: number;
  readonly waiting: string | null;
}

/** Starts an API beside what `startLifecycle` starts. The caller starts the workers. */
export async function startDefinitionStack(): Promise<DefinitionStack> {
  const stack = await startLifecycle();
  const config = { ...stack.config, port: await freePort() };
  const server = await startServer(config);
  const url = `http://127.0.0.1:${config.port}`;
  const call = async (method: string, path: string, authorization: string, body: unknown): Promise<JsonObject> => {
    const response = await fetch(url + path, {
      method,
      headers: { authorization, ...(body !== undefined && { 'content-type': 'application/json' }) },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const answer = (await response.json()) as JsonObject;
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
    return answer;
  };
  const admin: DefinitionStack['admin'] = (method, path, body) => call(method, path, `Bearer ${config.adminKey}`, body);
  const send = async (batch: JsonObject[]): Promise<void> => {
    await call('POST', '/v1/batch', `Basic ${btoa(`${config.writeKey}:`)}`, { batch });
  };
  const identified = (userId: string, traits: JsonObject = {}): JsonObject => ({
    type: 'identify',
    userId,
    traits: { email: `${userId}@example.com`, ...traits },
  });
  return {
    ...stack,
    admin,
    publish: async (id) => {
      await admin('POST', `/v1/journeys/${id}/publish`, { author: 'ada', note: 'test' });
    },
    tell: (userId, event, properties = {}) => send([identified(userId), { type: 'track', userId, event, properties }]),
    identify: (userId, traits) => send([identified(userId, traits)]),
    mails: (userId, subject) =>
      stack.smtp.messages.filter(
        ({ to, mail }) => to.startsWith(userId) && (subject === undefined || mail.subject === subject),
      ).length,
    run: async (userId) => {
      const { rows } = await stack.database.pool.query<RunRow>(
        `SELECT status, position, reason, (body->>'version')::int AS version,
           (SELECT r->>'reason' FROM jsonb_array_elements(body->'journal') r WHERE r->>'status' = 'waiting') AS waiting
         FROM runs WHERE user_id = $1`,
        [userId],
      );
      return rows[0];
    },
    stop: async () => {
      await server.stop();
      await stack.stop();
    },
  };
}
