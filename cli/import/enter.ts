import { z } from 'zod';
import type { JsonObject } from '../../engine/model/json';
import { post, type Api } from './api';
import { rowsOf } from './import-file';
import { problemIn } from './problem';

/** People added by a request: the most that the API takes. */
const AT_ONCE = 1_000;

const answer = z.object({ users: z.array(z.object({ outcome: z.enum(['accepted', 'duplicate', 'unknown']) })) });

/** The users that the files name, each once, in the order of the files. */
export async function usersIn(files: readonly string[]): Promise<string[]> {
  const users = new Set<string>();
  for (const file of files)
    for await (const row of rowsOf(file))
      for (const call of 'calls' in row ? row.calls : []) {
        const id = call['userId'];
        if (typeof id === 'string' || typeof id === 'number') users.add(String(id));
      }
  return [...users];
}

/** An entry of many users into a journey. */
export interface Entry {
  readonly journey: string;
  /** What the journey gets as the properties of its trigger. */
  readonly properties: JsonObject;
  readonly users: readonly string[];
  /** So many of them are in already. */
  readonly after: number;
  /** Called after each request, with the number of users who are in. */
  readonly done: (entered: number) => void;
}

/**
 * Adds users to a journey, each once, however often this is repeated. Users who do not exist, because their rows were rejected, are
 * left out.
 * @throws {Error} when there is no such journey, or it does not take the properties
 */
export async function enterAll(api: Api, { journey, properties, users, after, done }: Entry): Promise<void> {
  for (let from = after; from < users.length; from += AT_ONCE) {
    const some = users.slice(from, from + AT_ONCE).map((userId) => ({ userId }));
    const path = `/v1/journeys/${encodeURIComponent(journey)}/enter`;
    const { status, body } = await post(api, path, { messageId: `import-${journey}`, users: some, properties });
    if (status !== 202 || !answer.safeParse(body).success)
      throw new Error(`Nobody was added to '${journey}': ${reasonOf(body, status)}`);
    done(from + some.length);
  }
}

function reasonOf(body: unknown, status: number): string {
  const refusal = problemIn(body, status);
  return [refusal.detail, ...refusal.errors.map(({ pointer, detail }) => `${pointer} ${detail}`.trim())].join(' ');
}
