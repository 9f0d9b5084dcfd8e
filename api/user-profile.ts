import { z } from 'zod';
import type { RunSummary, UserProfile } from '../store/users';
import { FREQUENCIES, STANDINGS } from '../engine/model/topic-answer';
import { consent, isoTime, jsonObject, time } from './fields';

const run = z
  .object({
    id: z.uuid().meta({ description: 'The id of the run' }),
    journey: z.string().meta({ description: 'The id of the journey' }),
    key: z
      .string()
      .nullable()
      .meta({ description: 'The key of the run, such as an order id; null where the journey has none' }),
    status: z
      .enum(['active', 'completed', 'exited', 'failed'])
      .meta({ description: '`exited` when an exit, the goal or a command ended it' }),
    step: z.string().nullable().meta({ description: 'The current step; null once the run has ended' }),
    until: time.nullable().meta({ description: 'When the current wait ends by itself' }),
    enteredAt: time,
    endedAt: time.nullable(),
    goalAt: time.nullable(),
    reason: z.string().meta({ description: 'Why it ended, or why its current step waits; often empty' }),
    failedCall: z
      .object({
        attempts: z.int().meta({ description: 'How often it has failed' }),
        code: z.string().meta({ description: 'The code or the name of the last error' }),
        failedAt: time,
        nextAt: time.nullable().meta({ description: 'When it is made again; null if it is not' }),
      })
      .nullable()
      .meta({ description: 'The last failure of the call in the current step; null when it has not failed' }),
  })
  .meta({ id: 'Run' });

const topicAnswers = z
  .record(
    z.string(),
    z.object({
      standing: z.enum(STANDINGS).exactOptional().meta({ description: '`pending` until a yes is confirmed' }),
      channels: z
        .record(z.string(), z.boolean())
        .exactOptional()
        .meta({ description: 'The channels they chose among' }),
      frequency: z.enum(FREQUENCIES).exactOptional().meta({ description: 'How often they want the topic' }),
    }),
  )
  .meta({ description: 'The explicit answers about topics. What is absent is as `topics.ts` says' });

const answer = z
  .object({
    channel: z.string().nullable().meta({ description: 'Null if it is about all channels of the topic' }),
    topic: z.string().nullable().meta({ description: 'Null if it is about all messages of the channel' }),
    answer: z.enum(['yes', 'no', 'pending']).meta({ description: '`pending`: a yes that is not confirmed yet' }),
    at: time,
    source: z.string().nullable().meta({ description: 'Where it was given, such as `preference page`' }),
    wording: z.string().nullable().meta({ description: 'What the person read; null when that is not known' }),
  })
  .meta({ id: 'Answer' });

/** What the API says of a user. */
export const profile = z
  .object({
    id: z.string().meta({ description: 'The id of the user' }),
    previousIds: z.array(z.string()).meta({ description: 'Ids that were merged into this user' }),
    traits: jsonObject.meta({ description: 'What `identify` calls have said' }),
    consent: consent.meta({ description: 'The explicit answers. A channel without one counts as agreed to' }),
    topics: topicAnswers,
    answers: z.array(answer).meta({
      description:
        'The last answer to each question of consent, the latest first: when, where and in which words it was given',
    }),
    stage: z.string().meta({ description: 'Empty until the first decision' }),
    points: z.number().meta({ description: 'What journeys have awarded' }),
    badges: z.array(z.string()).meta({ description: 'What journeys have awarded' }),
    flags: jsonObject.meta({ description: 'What journeys have set' }),
    createdAt: time,
    lastSeenAt: time,
    wakeAt: time.nullable().meta({ description: 'When the next decision is due at the latest' }),
    runs: z.array(run).meta({ description: 'Runs in progress first, then the most recent' }),
  })
  .meta({ id: 'User' });

/** A user as the API describes one. */
export function profileResponse({
  createdAt,
  lastSeenAt,
  wakeAt,
  runs,
  answers,
  ...user
}: UserProfile): z.infer<typeof profile> {
  return {
    ...user,
    previousIds: [...user.previousIds],
    badges: [...user.badges],
    createdAt: isoTime(createdAt),
    lastSeenAt: isoTime(lastSeenAt),
    wakeAt: isoTime(wakeAt),
    answers: answers.map((one) => ({ ...one, at: isoTime(one.at) })),
    runs: runs.map(runResponse),
  };
}

function runResponse({ until, enteredAt, endedAt, goalAt, failedCall, ...rest }: RunSummary): z.infer<typeof run> {
  return {
    ...rest,
    until: isoTime(until),
    enteredAt: isoTime(enteredAt),
    endedAt: isoTime(endedAt),
    goalAt: isoTime(goalAt),
    failedCall: failedCall && {
      ...failedCall,
      failedAt: isoTime(failedCall.failedAt),
      nextAt: isoTime(failedCall.nextAt),
    },
  };
}
