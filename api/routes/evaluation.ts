import { z } from 'zod';
import { evaluateFlag, evaluateFlags, type FlagEvaluation, type FlagUser } from '../../engine/flags/evaluate';
import { isFlagValue } from '../../engine/flags/schema';
import { findFlagUser } from '../../store/flag-user';
import type { Gates } from '../auth';
import type { ApiDeps } from '../deps';
import { OfrepError, readContext, type OfrepFailure } from '../ofrep-context';
import { type Problem } from '../problem';
import { route, type Reply, type Route } from '../route';
import { ifNoneMatch, taggedReply } from '../tagged-reply';

/*
 * The OpenFeature Remote Evaluation Protocol, version 0.3.0: https://github.com/open-feature/protocol/blob/main/service/openapi.yaml.
 * Its providers for many languages evaluate flags here as they are. What it asks of an ETag differs from HTTP, where a POST whose
 * `If-None-Match` fits gets 412.
 */

const request = z.object({
  context: z
    .looseObject({
      targetingKey: z.string().nullish().meta({
        description: 'The user id. With a user token it may be left out, and otherwise must be that of the token',
      }),
    })
    .nullish()
    .meta({ description: 'With the admin key, any other member counts as a trait that the user does not have' }),
});
const flagName = z.string().meta({ description: 'The name of the flag' });
const success = z
  .object({
    key: flagName,
    value: z.unknown().meta({ description: 'true, false, a text, a number or an object' }),
    reason: z
      .enum(['STATIC', 'TARGETING_MATCH', 'SPLIT', 'DEFAULT'])
      .meta({ description: 'Why it has the value, by the words of OpenFeature' }),
    variant: z.string().optional().meta({ description: 'The variant of an experiment' }),
  })
  .meta({ id: 'FlagEvaluation' });
const bulkFailure = z.object({
  errorCode: z
    .enum(['PARSE_ERROR', 'TARGETING_KEY_MISSING', 'INVALID_CONTEXT'])
    .meta({ description: 'What is wrong, by the words of OpenFeature' }),
  errorDetails: z.string().meta({ description: 'The same for people' }),
});
const failure = bulkFailure.extend({ key: flagName });
const notFound = failure.extend({
  errorCode: z.literal('FLAG_NOT_FOUND').meta({ description: 'No flag of this name is declared' }),
});

const EVALUATED = { key: 'new-checkout', value: true, reason: 'TARGETING_MATCH' };
type Evaluated = z.infer<typeof success> | z.infer<typeof notFound>;

const FORBIDDEN = { description: 'The targetingKey is not the user of the token' };

/** The evaluation of flags by the providers of OpenFeature. */
export function evaluationRoutes({ database, definitions }: ApiDeps, { flagReader }: Gates): Route[] {
  const shared = {
    method: 'post',
    tag: 'Flags',
    access: flagReader,
    browser: true,
    body: z.unknown(),
    documentedBody: request.nullish(),
  } as const;

  return [
    route({
      ...shared,
      path: '/ofrep/v1/evaluate/flags/{key}',
      name: 'evaluateFlag',
      summary: 'Evaluate a flag (OpenFeature Remote Evaluation Protocol)',
      params: z.object({ key: flagName }),
      refusal: (problem, { key }) => refusalOf(problem, { key: String(key) }),
      example: { params: { key: 'new-checkout' }, body: { context: { targetingKey: 'ada' } } },
      answers: {
        200: { description: 'The value, and why', schema: success, example: EVALUATED },
        400: { description: 'The context is not valid, or the body is not JSON', schema: failure },
        403: FORBIDDEN,
        404: { description: 'There is no such flag', schema: notFound },
      },
      handle: ({ params: { key }, body }, tokenUser) =>
        answered({ key }, async (): Promise<Reply<Evaluated>> => {
          const user = await userOf(body, tokenUser);
          const evaluation = evaluateFlag(definitions.current, key, user);
          if (!evaluation || !isFlagValue(evaluation.value)) return { status: 404, body: missingFlag(key) };
          return { status: 200, body: toResponse(key, evaluation) };
        }),
    }),
    route({
      ...shared,
      path: '/ofrep/v1/evaluate/flags',
      name: 'evaluateFlags',
      summary: 'Evaluate all flags (OpenFeature Remote Evaluation Protocol)',
      headers: ifNoneMatch,
      refusal: (problem) => refusalOf(problem, {}),
      example: { body: { context: { targetingKey: 'ada' } } },
      answers: {
        200: {
          description: 'The value of each flag, and why',
          schema: z.object({ flags: z.array(success).meta({ description: 'The value of every flag for the user' }) }),
          example: { flags: [EVALUATED] },
        },
        304: { description: 'Nothing has changed' },
        400: { description: 'The context is not valid, or the body is not JSON', schema: bulkFailure },
        403: FORBIDDEN,
      },
      handle: ({ headers, body }, tokenUser) =>
        answered({}, async () => {
          const evaluations = evaluateFlags(definitions.current, await userOf(body, tokenUser));
          const answers = evaluations.flatMap(([key, evaluation]) =>
            isFlagValue(evaluation.value) ? [toResponse(key, evaluation)] : [],
          );
          return taggedReply({ flags: answers }, headers);
        }),
    }),
  ];

  /** What Sojourn knows of a user holds. The attributes of the context stand in for traits that the user does not have. */
  async function userOf(body: unknown, tokenUser: string | null): Promise<FlagUser> {
    const { userId, attributes } = readContext(body, tokenUser);
    const user = await findFlagUser(database, userId, tokenUser === null);
    return { ...user, traits: { ...attributes, ...user.traits } };
  }
}

/** The flag that an error is about, where it is about one. */
interface About {
  readonly key?: string;
}

async function answered<One extends About, Body>(
  about: One,
  evaluate: () => Promise<Reply<Body>>,
): Promise<Reply<Body | (One & OfrepFailure)>> {
  try {
    return await evaluate();
  } catch (error) {
    if (error instanceof OfrepError) return error.reply(about);
    throw error;
  }
}

/** A body that is not JSON, as the protocol reports it. For every other refusal it prescribes a status and no body. */
function refusalOf({ status, message }: Problem, about: About): Reply | null {
  return status === 400 ? new OfrepError('PARSE_ERROR', message).reply(about) : null;
}

function missingFlag(key: string): z.infer<typeof notFound> {
  return { key, errorCode: 'FLAG_NOT_FOUND', errorDetails: `There is no flag '${key}'.` };
}

function toResponse(key: string, { value, reason, variant }: FlagEvaluation): z.infer<typeof success> {
  return { key, value, reason, ...(variant !== null && { variant }) };
}
