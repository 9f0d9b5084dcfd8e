import type { Access } from './auth';
import { BODY_LIMIT_BYTES, RAW_BODY_LIMIT_BYTES } from './body';
import { schemaOf } from './json-schema';
import type { Answer, Route } from './route';

/** A response of an OpenAPI operation. */
export interface OpenApiResponse {
  readonly description: string;
  readonly headers?: Readonly<Record<string, { readonly description: string; readonly schema: object }>>;
  readonly content?: Readonly<Record<string, { readonly schema: object; readonly example?: unknown }>>;
}

/** A reference to a part of the document. */
export interface Reference {
  readonly $ref: string;
}

/** The credentials that each scheme accepts. */
export const SECURITY: Readonly<Record<Access<unknown>['name'], readonly string[]>> = {
  public: [],
  writeKey: ['writeKey', 'adminKey'],
  adminKey: ['adminKey'],
  userToken: ['userToken'],
  signedLink: [],
  receipt: [],
  flagReader: ['userToken', 'adminKey'],
};

const PROBLEM = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
const RETRY_AFTER = {
  'Retry-After': { description: 'The number of seconds to wait', schema: { type: 'integer', minimum: 0 } },
};

/** The errors that many operations share, by status. */
export const SHARED_ERRORS = {
  400: { name: 'BadRequest', description: 'The body is not valid JSON' },
  401: { name: 'Unauthorized', description: 'The key or token is missing or wrong' },
  413: {
    name: 'TooLarge',
    description: `The body is larger than ${BODY_LIMIT_BYTES / 1024} KB, or with receipts ${RAW_BODY_LIMIT_BYTES / 1024} KB, as sent or decompressed`,
  },
  415: {
    name: 'UnsupportedType',
    description: 'The Content-Type, Content-Encoding or charset of the body is not supported',
  },
  422: { name: 'Invalid', description: 'The request is not valid; `errors` names each field' },
  429: {
    name: 'TooManyRequests',
    description: 'Too many requests; `Retry-After` is the number of seconds to wait',
    headers: RETRY_AFTER,
  },
  431: { name: 'HeadersTooLong', description: 'The path and headers together are too long' },
  500: { name: 'ServerError', description: 'The server failed; its log has the cause under the `requestId`' },
  503: {
    name: 'Unavailable',
    description:
      'The database is unreachable or too busy, or workers of a release that does not know history are alive; `Retry-After` is the number of seconds to wait',
    headers: RETRY_AFTER,
  },
} as const;

type SharedError = keyof typeof SHARED_ERRORS;

/** The `components.responses` of the document: the shared errors, by name. */
export function sharedResponses(): Readonly<Record<string, OpenApiResponse>> {
  return Object.fromEntries(
    Object.values(SHARED_ERRORS).map(({ name, ...response }) => [name, { ...response, content: PROBLEM }]),
  );
}

/** The responses of a route, by status: its own answers, and the errors that it shares with others. */
export function responsesOf({
  answers,
  access,
  schemas,
  unlimited = false,
  refusal,
}: Route): Record<string, OpenApiResponse | Reference> {
  const { params, query, body } = schemas;
  const can: Readonly<Record<SharedError, boolean>> = {
    400: body !== undefined,
    401: SECURITY[access.name].length > 0,
    413: body !== undefined,
    415: body !== undefined,
    422: !refusal && (params ?? query ?? body) !== undefined,
    429: !unlimited,
    431: (params ?? query) !== undefined,
    500: true,
    503: true,
  };
  const shared = Object.entries(SHARED_ERRORS).filter(([status]) => can[Number(status) as SharedError]);
  return {
    ...Object.fromEntries(shared.map(([status, { name }]) => [status, { $ref: `#/components/responses/${name}` }])),
    ...Object.fromEntries(
      Object.entries(answers).map(([status, answer]) => [status, response(Number(status), answer)]),
    ),
  };
}

/** The schema of what is sent unchanged: any JSON, or text. */
function textOf(type: string): object {
  return type === 'application/json' ? {} : { type: 'string' };
}

function response(status: number, { description, schema, type, example }: Answer): OpenApiResponse {
  if (schema)
    return {
      description,
      content: {
        'application/json': { schema: schemaOf(schema, 'output'), ...(example !== undefined && { example }) },
      },
    };
  if (type !== undefined)
    return { description, content: Object.fromEntries([type].flat().map((one) => [one, { schema: textOf(one) }])) };
  return status < 400 ? { description } : { description, content: PROBLEM };
}
