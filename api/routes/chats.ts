import { z } from 'zod';
import { traceOf } from '../../config/log';
import type { Chat } from '../../engine/chats/chat';
import { getOwn } from '../../engine/model/own-property';
import { MOST_MESSAGES, sayInChat, type Said } from '../../store/chat-messages';
import { blockInChat, reportInChat, seeInChat, type Reacted } from '../../store/chat-reactions';
import { receiveTracked, type EventUnderWay } from '../../store/tracked-events';
import type { Gates } from '../auth';
import { conversationParams, messageId, report, saying, takenMessage } from '../chat-fields';
import { declaredChat } from '../chats-of-user';
import { wake, type ApiDeps } from '../deps';
import { TAKEN_MESSAGE } from '../examples/in-app';
import { CONVERSATION, HEARD_ID, SAID_ID } from '../examples/requests';
import { invalidField, Problem } from '../problem';
import { route, type Route } from '../route';

const NO_CONVERSATION = 'The user has no such conversation';
const NO_MESSAGE = 'must be a message of somebody else in the conversation';

/** What people do in their conversations. */
export function chatRoutes({ database, clock, definitions, waker, log }: ApiDeps, { userToken }: Gates): Route[] {
  const { pool } = database;
  const shared = { method: 'post', tag: 'Chat', access: userToken, browser: true, params: conversationParams } as const;
  const refused = { 404: { description: NO_CONVERSATION } };

  /** Whoever is in no such conversation is told the same whether there is one or not. */
  function chatOf(name: string): Chat {
    return declaredChat(definitions.current.chats, name) ?? refuseUnknown();
  }

  /** The events are saved with what they are about. If they can't be received now, the relay does it. */
  async function receive(events: readonly EventUnderWay[]): Promise<void> {
    if (events.length === 0) return;
    try {
      wake(waker, await receiveTracked(pool, definitions, events, clock.now()));
    } catch (error) {
      log.warn({ error: traceOf(error) }, 'events of a conversation could not be received; the relay repeats it');
    }
  }

  async function done({ outcome, events }: Reacted, noMessage: () => Problem): Promise<{ readonly status: 204 }> {
    if (outcome === 'no conversation') return refuseUnknown();
    if (outcome === 'no message') throw noMessage();
    await receive(events);
    return { status: 204 };
  }

  return [
    route({
      ...shared,
      path: '/v1/chats/{chat}/{key}/messages',
      name: 'sayInChat',
      summary: 'Say something in a conversation of the authenticated user',
      description:
        'Takes a phrase of the role of the user, or a text if the chat allows it. The others get the event `Chat Message Received`, and ' +
        `the user \`Chat Message Sent\`. A user may say ${MOST_MESSAGES} things a minute.`,
      example: { params: CONVERSATION, body: { id: SAID_ID, phrase: 'wait' } },
      body: saying,
      answers: {
        200: { description: 'The message was taken before', schema: takenMessage, example: TAKEN_MESSAGE },
        201: { description: 'Taken', schema: takenMessage, example: TAKEN_MESSAGE },
        ...refused,
        409: { description: 'The conversation is closed, somebody has blocked the others, or the id is taken' },
      },
      handle: async ({ params, body: { id, phrase = null, text = null } }, userId) => {
        const chat = chatOf(params.chat);
        const roles = rolesThatMaySay(chat, phrase);
        const at = clock.now();
        const said = await sayInChat(pool, { ...params, userId, id, phrase, text, roles, at, keepMs: chat.keepMs });
        if (said.outcome !== 'said' && said.outcome !== 'repeated') throw refusalOf(said, chat, { phrase, at });
        if (said.outcome === 'said') await receive(said.events);
        return {
          status: said.outcome === 'said' ? 201 : 200,
          body: { id, role: said.role, at: new Date(said.at).toISOString() },
        };
      },
    }),
    route({
      ...shared,
      path: '/v1/chats/{chat}/{key}/seen',
      name: 'seeInChat',
      summary: 'Record that the authenticated user saw the messages of a conversation up to one',
      description: 'The user gets the event `Chat Seen` if they had not seen all of these.',
      example: { params: CONVERSATION, body: { id: HEARD_ID } },
      body: z.object({ id: messageId.meta({ description: 'The latest message that they have seen' }) }),
      answers: { 204: { description: 'Recorded' }, ...refused },
      handle: async ({ params, body: { id } }, userId) => {
        chatOf(params.chat);
        const seen = await seeInChat(pool, { ...params, userId, id, at: clock.now() });
        return done(seen, () => invalidField('/id', 'must be a message of the conversation'));
      },
    }),
    route({
      ...shared,
      path: '/v1/chats/{chat}/{key}/report',
      name: 'reportInChat',
      summary: 'Report a message, or the other person, for the authenticated user',
      description:
        'The app’s server reads reports at `GET /v1/chats/{chat}/{key}`. The user gets the event `Chat Reported`, without the reason.',
      example: { params: CONVERSATION, body: { reason: 'Rude', messageId: HEARD_ID } },
      body: report,
      answers: { 204: { description: 'Stored' }, ...refused, 409: { description: 'There is nobody else to report' } },
      handle: async ({ params, body: { reason = null, messageId: id = null } }, userId) => {
        chatOf(params.chat);
        const reported = await reportInChat(pool, { ...params, userId, id, reason, at: clock.now() });
        return done(reported, () =>
          id === null
            ? new Problem(409, { detail: 'There is nobody else in the conversation.' })
            : invalidField('/messageId', NO_MESSAGE),
        );
      },
    }),
    route({
      ...shared,
      path: '/v1/chats/{chat}/{key}/block',
      name: 'blockInChat',
      summary: 'Block the others of a conversation for the authenticated user',
      description: 'Nobody can say anything in the conversation any more. The user gets the event `Chat Blocked`.',
      example: { params: CONVERSATION },
      answers: { 204: { description: 'Blocked' }, ...refused },
      handle: async ({ params }, userId) => {
        chatOf(params.chat);
        return done(await blockInChat(pool, { ...params, userId, at: clock.now() }), refuseUnknown);
      },
    }),
  ];
}

/** The roles that have a phrase; all of them for a text, if the chat allows it. */
function rolesThatMaySay({ roles, text }: Chat, phrase: string | null): string[] {
  if (phrase === null) return text ? Object.keys(roles) : [];
  return Object.entries(roles).flatMap(([role, { phrases }]) => (getOwn(phrases, phrase) === undefined ? [] : [role]));
}

/** Why something was not said. */
function refusalOf(
  said: Exclude<Said, { readonly outcome: 'said' | 'repeated' }>,
  { roles }: Chat,
  { phrase, at }: { readonly phrase: string | null; readonly at: number },
): Problem {
  switch (said.outcome) {
    case 'no conversation':
      return refuseUnknown();
    case 'taken':
      return new Problem(409, { detail: 'Another message has this id.' });
    case 'closed':
      return new Problem(409, { detail: 'The conversation is closed.' });
    case 'blocked':
      return new Problem(409, { detail: 'Somebody in the conversation has blocked the others.' });
    case 'not allowed': {
      if (phrase === null) return invalidField('/text', 'must not be sent: the chat allows phrases only');
      const known = Object.keys(getOwn(roles, said.role)?.phrases ?? {});
      return invalidField(
        '/phrase',
        known.length > 0 ? `must be one of ${known.join(', ')}` : 'must not be sent: the role has no phrases',
      );
    }
    case 'too many':
      return new Problem(429, {
        detail: `A participant may say at most ${MOST_MESSAGES} things a minute. Wait for the number of seconds in Retry-After.`,
        retryAfter: Math.max(1, Math.ceil((said.againAt - at) / 1_000)),
      });
  }
}

function refuseUnknown(): never {
  throw new Problem(404, { detail: `${NO_CONVERSATION}.` });
}
