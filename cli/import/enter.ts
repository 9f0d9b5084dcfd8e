import { z } from 'zod';
import type { JsonObject } from '../../engine/model/json';
import { get, post, type Api } from './api';
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

/**
 * Checks that users can be added to a journey, before anything is sent.
 * @throws {Error} when there is no such journey, or the key is not the admin key
 */
export async function requireJourney(api: Api, journey: string): Promise<void> {
  const { status, body } = await get(api, `/v1/journeys/${encodeURIComponent(journey)}`);
  if (status !== 200) throw new Error(`Nobody can be added to '${journey}': ${reasonOf(body, status)}`);
}

/** An entry of many users into a journey. */
export interface Entry {
  readonly journey: string;
  /** What the journey gets as the properties of its trigger. */
  readonly properties: JsonObject;
  readonly users: readonly string[];
  /** So many of them an earlier run has dealt with. */
  readonly after: number;
  /** Called with the number of users who have been dealt with, and how many of the last ones were added, now or by an earlier run. */
  readonly done: (entered: number, added: number) => void;
}

/**
 * Adds users to a journey, each once, however often this is repeated. Users who do not exist, because their rows were rejected, are
 * left out, and so are ids that no user can have.
 * @throws {Error} when there is no such journey, or it does not take the properties
 */
export async function enterAll(api: Api, { journey, properties, users, after, done }: Entry): Promise<void> {
  const path = `/v1/journeys/${encodeURIComponent(journey)}/enter`;
  for (let from = after; from < users.length; from += AT_ONCE) {
    const some = users.slice(from, from + AT_ONCE);
    let added = 0;
    for (let left = some; left.length > 0;) {
      const request = { messageId: `import-${journey}`, users: left.map((userId) => ({ userId })), properties };
      const { status, body } = await post(api, path, request);
      const found = status === 202 ? answer.safeParse(body).data : undefined;
      if (found) {
        added = found.users.filter(({ outcome }) => outcome !== 'unknown').length;
        break;
      }
      const impossible = impossibleIn(body, status);
      if (impossible.size === 0)
        throw new Error(`Not everybody could be added to '${journey}': ${reasonOf(body, status)}`);
      left = left.filter((_, place) => !impossible.has(place));
    }
    done(from + some.length, added);
  }
}

/** The places of the ids that the API refused, if that was all it refused. */
function impossibleIn(body: unknown, status: number): ReadonlySet<number> {
  const { errors } = problemIn(body, status);
  const places = errors.map(({ pointer }) => /^\/users\/(\d+)\/userId$/.exec(pointer)?.[1]);
  return new Set(places.includes(undefined) ? [] : places.map(Number));
}

function reasonOf(body: unknown, status: number): string {
  const refusal = problemIn(body, status);
  return [refusal.detail, ...refusal.errors.map(({ pointer, detail }) => `${pointer} ${detail}`.trim())].join(' ');
}
