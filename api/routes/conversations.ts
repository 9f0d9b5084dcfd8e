import { z } from 'zod';
import type { Chat } from '../../engine/chats/chat';
import { findConversation } from '../../store/chat-support';
import { retryOnConflict } from '../../store/conflict';
import { closeChat, openChat } from '../../store/conversations';
import { announceInApp } from '../../store/in-app-announcements';
import type { Gates } from '../auth';
import { conversationParams, participants, supportedConversation } from '../chat-fields';
import { declaredChat } from '../chats-of-user';
import type { ApiDeps } from '../deps';
import { SUPPORTED_CONVERSATION } from '../examples/in-app';
import { CONVERSATION, PARTICIPANTS } from '../examples/requests';
import { isoTime } from '../fields';
import type { FieldError } from '../pointer';
import { invalidField, Problem } from '../problem';
import { route, type Route } from '../route';

const NO_CONVERSATION = 'There is no such conversation';

/** Conversations, as the app's server opens, closes and reads them. */
export function conversationRoutes({ database, clock, definitions }: ApiDeps, { adminKey }: Gates): Route[] {
  const { pool } = database;
  const shared = { tag: 'Chat', access: adminKey, params: conversationParams } as const;
  const path = '/v1/chats/{chat}/{key}';

  function chatOf(name: string): Chat {
    const chat = declaredChat(definitions.current.chats, name);
    if (!chat) throw new Problem(404, { detail: `There is no chat '${name}'.` });
    return chat;
  }

  return [
    route({
      ...shared,
      method: 'put',
      path,
      name: 'openChat',
      summary: 'Open a conversation, or change its participants',
      description:
        'A conversation that was closed is open again. Whoever is left out takes part no longer; whoever is new sees what is said from now ' +
        'on. A user id nobody has been heard of under becomes known.',
      example: { params: CONVERSATION, body: { participants: PARTICIPANTS } },
      body: z.object({ participants }),
      answers: {
        204: { description: 'Open' },
        404: { description: 'Unknown chat' },
        409: { description: 'It was changed at the same time. Try again' },
      },
      handle: async ({ params, body }) => {
        const chat = chatOf(params.chat);
        refuseMistakes(mistakesOf(chat, body.participants));
        const opening = { ...params, ...body, at: clock.now(), keepMs: chat.keepMs };
        const { outcome, users } = await retryOnConflict(() => openChat(pool, opening));
        if (outcome === 'same user') throw invalidField('/participants', 'must be different users');
        if (outcome === 'superseded') throw superseded();
        announceInApp(pool, users);
        return { status: 204 };
      },
    }),
    route({
      ...shared,
      method: 'post',
      path: `${path}/close`,
      name: 'closeChat',
      summary: 'Close a conversation',
      description:
        'Nothing can be said any more. Apps show it for another day, and it is deleted after the time that the chat declares.',
      example: { params: CONVERSATION },
      answers: {
        204: { description: 'Closed, now or before' },
        404: { description: NO_CONVERSATION },
        409: { description: 'It was changed at the same time. Try again' },
      },
      handle: async ({ params }) => {
        const { keepMs } = chatOf(params.chat);
        const { outcome, users } = await retryOnConflict(() => closeChat(pool, { ...params, at: clock.now(), keepMs }));
        if (outcome === 'no conversation') throw unknownConversation();
        if (outcome === 'superseded') throw superseded();
        announceInApp(pool, users);
        return { status: 204 };
      },
    }),
    route({
      ...shared,
      method: 'get',
      path,
      name: 'getChat',
      summary: 'Retrieve a conversation for support',
      description: 'Returns who takes part, by their ids, what was said, and what was reported.',
      example: { params: CONVERSATION },
      answers: {
        200: { description: 'The conversation', schema: supportedConversation, example: SUPPORTED_CONVERSATION },
        404: { description: NO_CONVERSATION },
      },
      handle: async ({ params }) => {
        const found = await findConversation(pool, params, clock.now());
        if (!found) throw unknownConversation();
        const { changedAt, closedAt, deleteAt, blocked } = found;
        const body: z.infer<typeof supportedConversation> = {
          ...params,
          open: closedAt === null,
          blocked,
          changedAt: isoTime(changedAt),
          deleteAt: isoTime(deleteAt),
          participants: found.participants.map((one) => ({ ...one, leftAt: isoTime(one.leftAt) })),
          messages: found.messages.map((one) => ({ ...one, at: isoTime(one.at) })),
          reports: found.reports.map((one) => ({ ...one, at: isoTime(one.at) })),
        };
        return { status: 200, body };
      },
    }),
  ];
}

/** The participants with a role that the chat does not have, or with the role or the id of another one. */
function mistakesOf({ roles }: Chat, given: z.infer<typeof participants>): FieldError[] {
  return given.flatMap(({ userId, role }, place) => {
    const before = given.slice(0, place);
    const pointer = `/participants/${place}`;
    if (!Object.hasOwn(roles, role))
      return { pointer: `${pointer}/role`, detail: `must be one of ${Object.keys(roles).join(', ')}` };
    if (before.some((other) => other.role === role))
      return { pointer: `${pointer}/role`, detail: 'must not be that of another participant' };
    if (before.some((other) => other.userId === userId))
      return { pointer: `${pointer}/userId`, detail: 'must not be that of another participant' };
    return [];
  });
}

function refuseMistakes(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw new Problem(422, { detail: 'The request is not valid.', errors });
}

function unknownConversation(): Problem {
  return new Problem(404, { detail: `${NO_CONVERSATION}.` });
}

function superseded(): Problem {
  return new Problem(409, { detail: 'The conversation was changed at the same time. Try again.' });
}
