import { z } from 'zod';
import { createInbox } from '../../store/inbox';
import { findOwnMessage, recordReaction, type OwnMessage, type Reacted } from '../../store/inbox-reactions';
import type { Gates } from '../auth';
import { wake, type ApiDeps } from '../deps';
import { text } from '../fields';
import { inboxMessage, messageResponse } from '../inbox-message';
import { Problem } from '../problem';
import { route, type Route } from '../route';

const NO_MESSAGE = 'The user has no such message';
const params = z.object({ id: z.uuid() });

/** The in-app messages of the user that the token identifies. */
export function inboxRoutes({ database, clock, definitions, waker }: ApiDeps, { userToken }: Gates): Route[] {
  const inbox = createInbox(database);
  const shared = { tag: 'Inbox', access: userToken, browser: true } as const;

  async function ownMessage(userId: string, id: string): Promise<OwnMessage> {
    const found = await findOwnMessage(database, userId, id);
    if (!found) throw new Problem(404, { detail: `${NO_MESSAGE}.` });
    return found;
  }

  async function record(reacted: Omit<Reacted, 'at'>): Promise<string | null> {
    const { answer, pending } = await recordReaction(database, definitions, { ...reacted, at: clock.now() });
    wake(waker, pending);
    return answer;
  }

  return [
    route({
      ...shared,
      method: 'get',
      path: '/v1/inbox',
      name: 'getInbox',
      summary: 'List the in-app messages of the authenticated user',
      description:
        'Returns messages that are neither dismissed nor expired, newest first. Of the messages of one card, it returns the latest.',
      answers: { 200: { description: 'The messages', schema: z.object({ messages: z.array(inboxMessage) }) } },
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
        'Takes one of the `choices` of the message. The first answer holds: the same again is accepted, another one is not. ' +
        'Journeys get the event `Message Answered`.',
      params,
      body: z.object({ value: text.max(200).meta({ description: 'The `value` of a choice' }) }),
      answers: {
        204: { description: 'Recorded' },
        404: { description: NO_MESSAGE },
        409: { description: 'The message has another answer' },
      },
      handle: async ({ params: { id }, body: { value } }, userId) => {
        const found = await ownMessage(userId, id);
        const choices = found.choices ?? [];
        if (!choices.includes(value)) throw wrongAnswer(422, 'The request is not valid.', expected(choices));
        const held = await record({ userId, message: found, reaction: 'answered', value });
        if (held !== null && held !== value)
          throw wrongAnswer(409, 'The message has an answer already.', `must be '${held}', the first answer`);
        return { status: 204 };
      },
    }),
    route({
      ...shared,
      method: 'post',
      path: '/v1/inbox/{id}/{reaction}',
      name: 'react',
      summary: 'Record that the authenticated user saw, clicked or dismissed a message',
      description:
        'Journeys get the event `Message Seen`, `Message Clicked` or `Message Dismissed`. What is clicked or dismissed was also seen.',
      params: params.extend({ reaction: z.enum(['seen', 'clicked', 'dismissed']) }),
      answers: { 204: { description: 'Recorded' }, 404: { description: NO_MESSAGE } },
      handle: async ({ params: { id, reaction } }, userId) => {
        await record({ userId, message: await ownMessage(userId, id), reaction });
        return { status: 204 };
      },
    }),
  ];
}

function expected(choices: readonly string[]): string {
  return choices.length === 0 ? 'must not be sent: the message has no choices' : `must be one of ${choices.join(', ')}`;
}

function wrongAnswer(status: 409 | 422, detail: string, why: string): Problem {
  return new Problem(status, { detail, errors: [{ pointer: '/value', detail: why }] });
}
