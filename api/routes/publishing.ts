import { z } from 'zod';
import { changeStatus, listVersions, publishAgain, publishDraft, type StoredStatus } from '../../store/stored-journeys';
import type { Gates } from '../auth';
import type { ApiDeps } from '../deps';
import { PUBLISHED } from '../examples/stored-journeys';
import { text } from '../fields';
import { Problem } from '../problem';
import { route, type Route } from '../route';
import {
  answerChanged,
  changedSince,
  journeyParams,
  requireFlawless,
  requireRunnable,
  requireStored,
  seenRevision,
  storedStatus,
  TAKEN,
  UNKNOWN,
} from '../stored-journey';

const publication = z.object({
  author: text.min(1).max(100).meta({ description: 'The name of the person who publishes' }),
  note: text.max(1_000).default('').meta({ description: 'The reason for the change' }),
});

/** Publishes, pauses and archives stored journeys. Every process applies a change within seconds. */
export function publishingRoutes(deps: ApiDeps, { adminKey }: Gates): Route[] {
  const { database } = deps;
  const shared = { method: 'post', tag: 'Journeys', access: adminKey, params: journeyParams } as const;
  const answers = <Example>(example: Example) => ({
    200: { description: 'The journey after the change', schema: storedStatus, example },
    404: UNKNOWN,
    409: TAKEN,
  });

  const publish = route({
    ...shared,
    path: '/v1/journeys/{id}/publish',
    name: 'publishJourney',
    summary: 'Publish the draft as the next version',
    description:
      'The version takes effect within seconds. A paused journey stays paused, and an archived journey becomes active.',
    example: { params: { id: 'first-steps' }, body: { author: 'grace', note: 'The first version' } },
    body: publication.extend({ revision: seenRevision }),
    answers: answers(PUBLISHED),
    handle: async ({ params: { id }, body: { revision, ...publisher } }) => {
      const { draft, revision: present } = await requireStored(deps, id);
      if (revision !== undefined && revision !== present) throw changedSince();
      if (draft === null) throw new Problem(409, { detail: 'This journey has no draft.' });
      await requireFlawless(deps, id, draft);
      if ((await publishDraft(database, { id, ...publisher }, draft)) === null) throw changedSince();
      return answerChanged(deps, id);
    },
  });

  const rollback = route({
    ...shared,
    path: '/v1/journeys/{id}/rollback',
    name: 'rollBackJourney',
    summary: 'Publish an earlier version again as the next version',
    description:
      'All users on the current version move to the new one. A paused journey stays paused, and an archived journey becomes active.',
    example: {
      params: { id: 'first-steps' },
      body: { version: 1, author: 'grace', note: 'Back to the first version' },
    },
    body: publication.extend({
      version: z
        .int()
        .min(1)
        .max(2 ** 31 - 1)
        .meta({ description: 'The version to publish again' }),
    }),
    answers: answers({ ...PUBLISHED, version: 2 }),
    handle: async ({ params: { id }, body: { version, ...publisher } }) => {
      await requireStored(deps, id);
      const earlier = (await listVersions(database, id)).find((one) => one.version === version);
      if (!earlier) throw invalidVersion();
      // The version ran before, and may be needed urgently, so it is not refused for defects that are only checked today.
      await requireRunnable(deps, id, earlier.definition);
      await publishAgain(database, { id, ...publisher }, version);
      return answerChanged(deps, id);
    },
  });

  const transition = (
    verb: string,
    summary: string,
    description: string,
    from: readonly StoredStatus[],
    to: StoredStatus,
  ): Route =>
    route({
      ...shared,
      path: `/v1/journeys/{id}/${verb}`,
      name: `${verb}Journey`,
      summary,
      description,
      example: { params: { id: 'first-steps' } },
      answers: answers({ ...PUBLISHED, status: to }),
      handle: async ({ params: { id } }) => {
        const { status: present } = await requireStored(deps, id);
        if (!(await changeStatus(database, id, from, to)))
          throw new Problem(409, {
            detail: `The status of this journey is '${present}'. It cannot change to '${to}'.`,
          });
        return answerChanged(deps, id);
      },
    });

  return [
    publish,
    transition(
      'pause',
      'Pause a journey',
      'Nothing is sent, and no user begins another step. Waits that have begun continue, and exits and the goal still apply. ' +
        'Users still enter, and are held at the first step. Nothing is lost.',
      ['active', 'paused'],
      'paused',
    ),
    transition(
      'resume',
      'Resume a paused journey',
      'Held steps are decided now, by the current caps, quiet hours and expiry.',
      ['active', 'paused'],
      'active',
    ),
    transition(
      'archive',
      'Archive a journey',
      'The journey stops running. Users inside the journey stay where they are, and continue if a version is published again.',
      ['active', 'paused', 'archived'],
      'archived',
    ),
    rollback,
  ];
}

function invalidVersion(): Problem {
  const errors = [{ pointer: '/version', detail: 'must be a published version of this journey' }];
  return new Problem(422, { detail: 'The request is not valid.', errors });
}
