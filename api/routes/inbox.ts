import { z } from 'zod';
import { createInbox, type InboxMessage } from '../../store/inbox';
import type { Gates } from '../auth';
import type { ApiDeps } from '../deps';
import { isoTime, jsonObject, time } from '../fields';
import { Problem } from '../problem';
import { route, type Route } from '../route';

const message = z.object({
  id: z.uuid(),
  journey: z.string(),
  step: z.string(),
  content: jsonObject,
  sentAt: time,
  seenAt: time.nullable(),
  clickedAt: time.nullable(),
});

/** The in-app messages of the user that the token identifies. */
export function inboxRoutes({ database, clock }: ApiDeps, { userToken }: Gates): Route[] {
  const inbox = createInbox(database);
  const shared = { tag: 'Inbox', access: userToken, browser: true } as const;
  return [
    route({
      ...shared,
      method: 'get',
      path: '/v1/inbox',
      name: 'getInbox',
      summary: 'List the in-app messages of the authenticated user',
      description: 'Returns messages that are neither dismissed nor expired, newest first.',
      answers: { 200: { description: 'The messages', schema: z.object({ messages: z.array(message) }) } },
      handle: async (_input, userId) => {
        const messages = await inbox.list(userId, clock.now());
        return { status: 200, body: { messages: messages.map(toResponse) } };
      },
    }),
    route({
      ...shared,
      method: 'post',
      path: '/v1/inbox/{id}/{reaction}',
      name: 'react',
      summary: 'Record that the authenticated user saw, clicked or dismissed a message',
      params: z.object({ id: z.uuid(), reaction: z.enum(['seen', 'clicked', 'dismissed']) }),
      answers: { 204: { description: 'Recorded' }, 404: { description: 'The user has no such message' } },
      handle: async ({ params }, userId) => {
        if (await inbox.react(userId, params.id, params.reaction, clock.now())) return { status: 204 };
        throw new Problem(404, { detail: 'The user has no such message.' });
      },
    }),
  ];
}

function toResponse({ sentAt, seenAt, clickedAt, ...rest }: InboxMessage): z.infer<typeof message> {
  return { ...rest, sentAt: isoTime(sentAt), seenAt: isoTime(seenAt), clickedAt: isoTime(clickedAt) };
}
