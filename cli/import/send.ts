import { z } from 'zod';
import { IMPORT, IMPORT_HISTORY, post, type Api } from './api';
import { fieldError, problemIn } from './problem';
import type { Call } from './row';

/** A call and the line of its row. */
export interface Item {
  readonly line: number;
  readonly call: Call;
}

/** A row that was not taken, and why. */
export interface Reject {
  readonly line: number;
  readonly reason: string;
}

/** What became of some calls. */
export interface Sent {
  /** Calls that were stored now. */
  readonly stored: number;
  /** Calls that were stored before. */
  readonly duplicates: number;
  readonly rejects: readonly Reject[];
}

const stored = z.object({
  accepted: z.int(),
  duplicates: z.int(),
  rejected: z.array(z.object({ index: z.int(), errors: z.array(fieldError) })),
  rejectedCount: z.int(),
});

/**
 * Sends calls to the API.
 * @param isHistory imports them as history
 * @throws {Error} when the API can't be used
 */
export async function send(api: Api, items: readonly Item[], isHistory: boolean): Promise<Sent> {
  const [first, ...more] = items;
  if (!first) return { stored: 0, duplicates: 0, rejects: [] };
  const batch = items.map(({ call }) => call);
  const { status, body } = await post(api, isHistory ? IMPORT_HISTORY : IMPORT, { batch });
  if (status === 404 && isHistory)
    throw new Error(
      `The API at ${api.url} can't import history: it is of an earlier release. Complete its deployment, then run the same command again.`,
    );
  if (status === 200) {
    const { accepted, duplicates, rejected, rejectedCount } = stored.parse(body);
    // The API lists the first errors. Calls are stored once, so they can be sent again in smaller parts.
    if (rejectedCount > rejected.length) return halves(api, items, isHistory, accepted);
    const rejects = rejected.map(({ index, errors }) => ({ line: items[index]?.line ?? 0, reason: reasonOf(errors) }));
    return { stored: accepted, duplicates, rejects };
  }
  if (status !== 422 && status !== 413) throw new Error(`The API answers ${status}: ${problemIn(body, status).detail}`);
  if (more.length > 0) return halves(api, items, isHistory, 0);
  const { errors, detail } = problemIn(body, status);
  return {
    stored: 0,
    duplicates: 0,
    rejects: [{ line: first.line, reason: errors.length > 0 ? reasonOf(errors) : detail }],
  };
}

/** @param alreadyStored how many of the calls were stored by the request before */
async function halves(api: Api, items: readonly Item[], isHistory: boolean, alreadyStored: number): Promise<Sent> {
  const middle = Math.ceil(items.length / 2);
  const first = await send(api, items.slice(0, middle), isHistory);
  const second = await send(api, items.slice(middle), isHistory);
  return {
    stored: first.stored + second.stored + alreadyStored,
    duplicates: first.duplicates + second.duplicates - alreadyStored,
    rejects: [...first.rejects, ...second.rejects],
  };
}

/** The errors of one call as text, each with the field it is about. */
export function reasonOf(errors: readonly z.infer<typeof fieldError>[]): string {
  return errors
    .map(({ pointer, detail }) => {
      const field = pointer.replace(/^\/batch\/\d+\/?/, '').replaceAll('/', '.');
      return field === '' ? detail : `${field}: ${detail}`;
    })
    .join('; ');
}
