import { z } from 'zod';
import { snoozeMs } from '../../engine/model/message-reaction';
import { createInbox } from '../../store/inbox';
import {
  findOwnMessage,
  recordReaction,
  type HeldAnswer,
  type OwnMessage,
  type Reacted,
} from '../../store/inbox-reactions';
import { castVote, showVote } from '../../store/poll-votes';
import { keepAnswers } from '../../store/survey-answers';
import type { Gates } from '../auth';
import { wake, type ApiDeps } from '../deps';
import { INBOX_MESSAGE } from '../examples/in-app';
import { MESSAGE_ID } from '../examples/requests';
import { givenAnswer, takeAnswer, type AnswerStore } from '../inbox-answers';
import { inboxMessage, messageResponse } from '../inbox-message';
import { Problem } from '../problem';
import { route, type Route } from '../route';

const NO_MESSAGE = 'The user has no such message';
const params = z.object({ id: z.uuid().meta({ description: 'The id of the message' }) });

/** The in-app messages of the user that the token identifies. */
export function inboxRoutes({ database, clock, definitions, waker }: ApiDeps, { userToken }: Gates): Route[] {
  const inbox = createInbox(database);
  const shared = { tag: 'Inbox', access: userToken, browser: true } as const;

  async function ownMessage(userId: string, id: string): Promise<OwnMessage> {
    const found = await findOwnMessage(database, userId, id);
    return found ?? refuseMissing();
  }

  async function record(reacted: Omit<Reacted, 'at'>): Promise<HeldAnswer> {
    const recorded = await recordReaction(database, definitions, { ...reacted, at: clock.now() });
    if (!recorded) return refuseMissing();
    const { pending, ...held } = recorded;
    wake(waker, pending);
    return held;
  }

  const answersOf = (userId: string): AnswerStore => ({
    keep: async ({ id }, answers) => {
      const kept = await keepAnswers(database, userId, id, answers);
      return kept ?? refuseMissing();
    },
    vote: async (poll, value, mayChange) =>
      (await castVote(database, { userId, poll, value, mayChange, at: clock.now() })) ?? refuseMissing(),
    show: ({ id }, poll) => showVote(database, userId, id, poll),
    record: (found, reaction, said) => record({ userId, message: found, reaction, ...(said && { said }) }),
  });

  return [
    route({
      ...shared,
      method: 'get',
      path: '/v1/inbox',
      name: 'getInbox',
      summary: 'List the in-app messages of the authenticated user',
      description:
        'Returns messages that are neither dismissed nor expired, newest first. Of the messages of one card, it returns the latest.',
      answers: {
        200: {
          description: 'The messages',
          schema: z.object({ messages: z.array(inboxMessage).meta({ description: 'Newest first' }) }),
          example: { messages: [INBOX_MESSAGE] },
        },
      },
      handle: async (_input, userId) => {
        const messages = await inbox.list(userId, clock.now());
        return { status: 200, body: { messages: messages.map(messageResponse) } };
      },
    }),
    route({
      ...shared,
      method: 'post',
      path: '/v1/inbox/{id}/answer',
      name: 'answer',
      summary: 'Answer a message for the authenticated user',
      description:
        'Takes one of the choices of the message, a vote, or answers to the questions of a survey or rating. The first answer holds: the same ' +
        'again is accepted, another one is not. Answers to questions are kept, and may change until one comes with `done`. ' +
        'Journeys get the event `Message Answered`.',
      params,
      example: { params: { id: MESSAGE_ID }, body: { value: 'yes' } },
      body: givenAnswer,
      answers: {
        204: { description: 'Recorded' },
        404: { description: NO_MESSAGE },
        409: { description: 'The message has another answer' },
      },
      handle: async ({ params: { id }, body }, userId) => {
        await takeAnswer(answersOf(userId), await ownMessage(userId, id), body);
        return { status: 204 };
      },
    }),
    route({
      ...shared,
      method: 'post',
      path: '/v1/inbox/{id}/{reaction}',
      name: 'react',
      summary: 'Record that the authenticated user saw, clicked, dismissed or put off a message',
      description:
        'Journeys get the event `Message Seen`, `Message Clicked`, `Message Dismissed` or `Message Snoozed`. Any of them also counts as seen. ' +
        'A message that is put off is not listed until the time in its `snooze` has passed.',
      params: params.extend({
        reaction: z.enum(['seen', 'clicked', 'dismissed', 'snoozed']).meta({ description: 'What the user did' }),
      }),
      example: { params: { id: MESSAGE_ID, reaction: 'clicked' } },
      answers: {
        204: { description: 'Recorded' },
        404: { description: NO_MESSAGE },
        409: { description: 'The message has no `snooze`, so it cannot be put off' },
      },
      handle: async ({ params: { id, reaction } }, userId) => {
        const found = await ownMessage(userId, id);
        if (reaction === 'snoozed' && snoozeMs(found.content) === 0)
          throw new Problem(409, { detail: 'The message has no `snooze`, so it cannot be put off.' });
        await record({ userId, message: found, reaction });
        return { status: 204 };
      },
    }),
  ];
}

function refuseMissing(): never {
  throw new Problem(404, { detail: `${NO_MESSAGE}.` });
}
