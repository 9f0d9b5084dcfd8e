import { z } from 'zod';
import type { Definitions, DefinitionsProvider } from '../engine/definitions/definitions';
import { JOURNEY_ID } from '../engine/authoring/journey';
import type { JsonObject } from '../engine/model/json';
import { findStored, type StoredRecord } from '../store/stored-journeys';
import { checkDefinition, checkThoroughly, type Checked, type FlawlessDefinition } from './definition-check';
import type { ApiDeps } from './deps';
import { text } from './fields';
import { Problem } from './problem';
import type { Reply } from './route';

/** What messages outside any journey are kept under, and where shared templates are. */
const RESERVED = ['api', 'templates'];

/** A stored journey in a path. */
export const journeyParams = z.object({ id: text });

/** What the answers say of a stored journey. */
export const storedStatus = z.object({
  id: z.string(),
  status: z.enum(['draft', 'active', 'paused', 'archived']),
  version: z.int().nullable().meta({ description: 'Published last' }),
  draft: z.boolean().meta({ description: 'Something is not published yet' }),
  revision: z.string().meta({ description: 'Another one as soon as there is another draft, or it is published' }),
  problems: z.array(z.string()).meta({
    description: 'Why it, or a former version of it, does not run as it was published; none when all is well',
  }),
});

/** What somebody has looked at who wants to change nothing else. */
export const seenRevision = text
  .max(100)
  .optional()
  .meta({ description: 'As it was answered: refused with 409 when somebody has changed the journey since' });

export const UNKNOWN = { description: 'There is no such stored journey' };
export const TAKEN = { description: 'The journey is code, or not in a state for this' };

/** A stored journey as the answers have it. */
export function statusOf(
  { problems }: DefinitionsProvider,
  { id, status, version, draft, revision }: StoredRecord,
): z.infer<typeof storedStatus> {
  const own = problems.filter(({ journey }) => journey === id).map(({ text: problem }) => problem);
  return { id, status, version, draft: draft !== null, revision, problems: own };
}

/**
 * Only a journey that is data can be changed here, and only under an id that can be one.
 * @throws {Problem} 409 or 422
 */
export function requireData({ journeys }: Definitions, id: string): void {
  const found = journeys.find((one) => one.id === id);
  if (found && !found.stored) throw new Problem(409, { detail: 'This journey is code: it is changed there.' });
  if (JOURNEY_ID.test(id) && !RESERVED.includes(id)) return;
  const errors = [{ pointer: 'id', detail: 'must be lower-case words joined by hyphens, and not a reserved one' }];
  throw new Problem(422, { detail: 'The request is not valid.', errors });
}

/**
 * A stored journey, whatever its status.
 * @throws {Problem} 404, 409 or 422
 */
export async function requireStored({ database, definitions }: ApiDeps, id: string): Promise<StoredRecord> {
  requireData(definitions.current, id);
  const found = await findStored(database, id);
  if (!found) throw new Problem(404, { detail: 'There is no such stored journey.' });
  return found;
}

/**
 * A definition without defects.
 * @throws {Problem} 422 with everything that is wrong with it
 */
export async function requireFlawless(deps: ApiDeps, id: string, definition: JsonObject): Promise<FlawlessDefinition> {
  return fitOf(await checkThoroughly(deps, id, definition), 'The journey has defects.');
}

/**
 * A definition that can run, whatever its defects.
 * @throws {Problem} 422 with what keeps it from running
 */
export async function requireRunnable(deps: ApiDeps, id: string, definition: JsonObject): Promise<void> {
  fitOf(await checkDefinition(deps, id, definition), 'The journey can not run.');
}

function fitOf<Fit>(checked: Checked<Fit>, detail: string): Fit {
  if ('errors' in checked) throw new Problem(422, { detail, errors: checked.errors });
  return checked.fit;
}

/** Somebody has changed the journey since it was looked at. */
export function changedSince(): Problem {
  return new Problem(409, { detail: 'The journey has been changed since: look at it again.' });
}

/** Answers with what has become of a journey, in force in this process already. */
export async function answerChanged(deps: ApiDeps, id: string): Promise<Reply> {
  await deps.definitions.refresh();
  return { status: 200, body: statusOf(deps.definitions, await requireStored(deps, id)) };
}
