import { z } from 'zod';
import type { Definitions, DefinitionsProvider } from '../engine/definitions/definitions';
import { JOURNEY_ID } from '../engine/model/ids';
import type { JsonObject } from '../engine/model/json';
import { findStored, type StoredRecord } from '../store/stored-journeys';
import { checkDefinition, checkThoroughly, type Checked, type FlawlessDefinition } from './definition-check';
import type { ApiDeps } from './deps';
import { text } from './fields';
import { Problem } from './problem';
import type { Reply } from './route';

/** Ids that no journey may have. `api` stands for messages outside any journey, `templates` is the folder of shared templates. */
const RESERVED = ['api', 'templates'];

/** The path parameters of a stored journey. */
export const journeyParams = z.object({ id: text.meta({ description: 'The id of the journey' }) });

/** Schema of a stored journey, as responses contain it. */
export const storedStatus = z
  .object({
    id: z.string().meta({ description: 'The id of the journey' }),
    status: z
      .enum(['draft', 'active', 'paused', 'archived'])
      .meta({ description: '`draft` until it is first published' }),
    version: z.int().nullable().meta({ description: 'The version published last; null before the first one' }),
    draft: z.boolean().meta({ description: 'True when there is a draft that is not published yet' }),
    revision: z.string().meta({ description: 'Changes whenever the draft changes or is published' }),
    problems: z.array(z.string()).meta({
      description:
        'Why the journey, or a former version of it, does not run as published. Empty when there are no problems',
    }),
  })
  .meta({ id: 'StoredJourney' });

/** The revision that the client last read, for optimistic locking. */
export const seenRevision = text.max(100).optional().meta({
  description: 'The `revision` that you last read. If the journey has changed since, the request fails with 409',
});

export const UNKNOWN = { description: 'There is no such stored journey' };
export const IN_CODE = { description: 'The journey is defined in code' };
export const TAKEN = { description: 'The journey is defined in code, or its current state does not allow this' };

/** Converts a stored journey to its form in responses. */
export function statusOf(
  { problems }: DefinitionsProvider,
  { id, status, version, draft, revision }: StoredRecord,
): z.infer<typeof storedStatus> {
  const own = problems.filter(({ journey }) => journey === id).map(({ text: problem }) => problem);
  return { id, status, version, draft: draft !== null, revision, problems: own };
}

/**
 * Requires an id that a stored journey may have.
 * @throws {Problem} 409 when the journey is defined in code, 422 when the id is not valid
 */
export function requireData({ journeys }: Definitions, id: string): void {
  const found = journeys.find((one) => one.id === id);
  if (found && !found.stored)
    throw new Problem(409, { detail: 'This journey is defined in code, and can only be changed there.' });
  if (JOURNEY_ID.test(id) && !RESERVED.includes(id)) return;
  const detail = `must be lower-case words joined by hyphens, and none of ${RESERVED.join(', ')}`;
  const errors = [{ pointer: 'id', detail }];
  throw new Problem(422, { detail: 'The request is not valid.', errors });
}

/**
 * Finds a stored journey with any status.
 * @throws {Problem} 404 when there is none, 409 when the journey is defined in code, 422 when the id is not valid
 */
export async function requireStored({ database, definitions }: ApiDeps, id: string): Promise<StoredRecord> {
  requireData(definitions.current, id);
  const found = await findStored(database, id);
  if (!found) throw new Problem(404, { detail: 'There is no such stored journey.' });
  return found;
}

/**
 * Requires a definition without defects.
 * @throws {Problem} 422 with all defects
 */
export async function requireFlawless(deps: ApiDeps, id: string, definition: JsonObject): Promise<FlawlessDefinition> {
  return validOf(await checkThoroughly(deps, id, definition), 'The journey has defects.');
}

/**
 * Requires a definition that can run. Other defects are allowed.
 * @throws {Problem} 422 with everything that keeps it from running
 */
export async function requireRunnable(deps: ApiDeps, id: string, definition: JsonObject): Promise<void> {
  validOf(await checkDefinition(deps, id, definition), 'The journey cannot run.');
}

function validOf<Valid>(checked: Checked<Valid>, detail: string): Valid {
  if ('errors' in checked) throw new Problem(422, { detail, errors: checked.errors });
  return checked.valid;
}

/** The problem for a journey that has changed since the client read it. */
export function changedSince(): Problem {
  return new Problem(409, { detail: 'The journey has changed since you read it. Read it again before you retry.' });
}

/** Responds with a journey after a change. This process has applied the change by then. */
export async function answerChanged(deps: ApiDeps, id: string): Promise<Reply<z.infer<typeof storedStatus>>> {
  await deps.definitions.refresh();
  return { status: 200, body: statusOf(deps.definitions, await requireStored(deps, id)) };
}
