import { z } from 'zod';
import { changeStatus, listVersions, publishAgain, publishDraft, type StoredStatus } from '../../store/stored-journeys';
import type { Gates } from '../auth';
import type { ApiDeps } from '../deps';
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
  author: text.min(1).max(100).meta({ description: 'Who publishes' }),
  note: text.max(1_000).default('').meta({ description: 'Why' }),
});

/** What brings journeys that are data into force and out of it. Every change is in force everywhere within seconds. */
export function publishingRoutes(deps: ApiDeps, { adminKey }: Gates): Route[] {
  const { database } = deps;
  const shared = { method: 'post', tag: 'Journeys', access: adminKey, params: journeyParams } as const;
  const answers = { 200: { description: 'Done', schema: storedStatus }, 404: UNKNOWN, 409: TAKEN };

  const publish = route({
    ...shared,
    path: '/v1/journeys/{id}/publish',
    name: 'publishJourney',
    summary: 'Make the draft the next version, in force within seconds; a paused journey stays paused',
    body: publication.extend({ revision: seenRevision }),
    answers,
    handle: async ({ params: { id }, body: { revision, ...publisher } }) => {
      const { draft, revision: present } = await requireStored(deps, id);
      if (revision !== undefined && revision !== present) throw changedSince();
      if (draft === null) throw new Problem(409, { detail: 'There is no draft.' });
      await requireFlawless(deps, id, draft);
      if ((await publishDraft(database, { id, ...publisher }, draft)) === null) throw changedSince();
      return answerChanged(deps, id);
    },
  });

  const rollback = route({
    ...shared,
    path: '/v1/journeys/{id}/rollback',
    name: 'rollBackJourney',
    summary: 'Publish an earlier version again, as the next one; everybody on the present version comes along',
    body: publication.extend({
      version: z
        .int()
        .min(1)
        .max(2 ** 31 - 1),
    }),
    answers,
    handle: async ({ params: { id }, body: { version, ...publisher } }) => {
      await requireStored(deps, id);
      const earlier = (await listVersions(database, id)).find((one) => one.version === version);
      if (!earlier) throw invalidVersion();
      // It was in force before, and may be needed in a hurry: what of it is found fault with today is no reason.
      await requireRunnable(deps, id, earlier.definition);
      await publishAgain(database, { id, ...publisher }, version);
      return answerChanged(deps, id);
    },
  });

  const transition = (
    verb: string,
    summary: string,
    from: readonly StoredStatus[],
    to: StoredStatus,
    description?: string,
  ): Route =>
    route({
      ...shared,
      path: `/v1/journeys/{id}/${verb}`,
      name: `${verb}Journey`,
      summary,
      ...(description !== undefined && { description }),
      answers,
      handle: async ({ params: { id } }) => {
        const { status: present } = await requireStored(deps, id);
        if (!(await changeStatus(database, id, from, to)))
          throw new Problem(409, { detail: `A journey that is ${present} can not be ${to}.` });
        return answerChanged(deps, id);
      },
    });

  return [
    publish,
    transition(
      'pause',
      'Hold everybody where they are: nothing is sent, nobody goes on, nothing is lost',
      ['active', 'paused'],
      'paused',
      'Waits that have begun go on, exits and the goal count, and whoever the trigger concerns enters and is held at the first step.',
    ),
    transition(
      'resume',
      'Go on after a pause: what was held is decided now, by the caps, quiet hours and expiry of now',
      ['active', 'paused'],
      'active',
    ),
    transition(
      'archive',
      'Take the journey out of force; who is inside stays where they are, and goes on if a version is published again',
      ['active', 'paused', 'archived'],
      'archived',
    ),
    rollback,
  ];
}

function invalidVersion(): Problem {
  const errors = [{ pointer: '/version', detail: 'There is no such version.' }];
  return new Problem(422, { detail: 'The request is not valid.', errors });
}
