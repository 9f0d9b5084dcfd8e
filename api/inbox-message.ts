import { z } from 'zod';
import type { InboxMessage } from '../store/inbox';
import { isoTime, jsonObject, time } from './fields';

/** Schema of an in-app message, as its user's client reads it. */
export const inboxMessage = z
  .object({
    id: z.uuid().meta({ description: 'The id of the message' }),
    journey: z.string().meta({ description: 'The journey that sent it' }),
    run: z.uuid().nullable().meta({ description: 'The run that sent the message' }),
    key: z.string().nullable().meta({ description: 'The key of that run, such as an order id' }),
    step: z.string().meta({ description: 'The step that sent it' }),
    slot: z.string().nullable().meta({
      description: 'Messages of one journey, key and slot are one card, which shows the latest of them',
    }),
    content: jsonObject.meta({ description: 'What it shows. See [the in-app protocol](in-app-protocol.md)' }),
    sentAt: time,
    expiresAt: time.meta({ description: 'When the message is no longer shown. On the journey clock' }),
    seenAt: time.nullable(),
    clickedAt: time.nullable(),
    answeredAt: time.nullable(),
    answer: z.string().nullable().meta({ description: 'The value of the choice that the user took' }),
    answers: jsonObject
      .nullable()
      .meta({ description: 'The answers to the questions of a survey so far, by their ids' }),
  })
  .meta({ id: 'InboxMessage' });

/** Converts a message to what the client receives. */
export function messageResponse(message: InboxMessage): z.infer<typeof inboxMessage> {
  const { sentAt, expiresAt, seenAt, clickedAt, answeredAt, ...rest } = message;
  return {
    ...rest,
    sentAt: isoTime(sentAt),
    expiresAt: isoTime(expiresAt),
    seenAt: isoTime(seenAt),
    clickedAt: isoTime(clickedAt),
    answeredAt: isoTime(answeredAt),
  };
}
