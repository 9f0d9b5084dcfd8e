import { z } from 'zod';
import type { Access } from './auth';
import { BODY_LIMIT_BYTES } from './body';
import { problemDocument } from './problem';
import type { Answer, BodyType, Route } from './route';

interface Media {
  readonly [type: string]: { readonly schema: object };
}

/** The parts of an OpenAPI 3.1 operation that this API uses (https://spec.openapis.org/oas/v3.1.1). */
export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters: readonly {
    readonly name: string;
    readonly in: 'path' | 'query' | 'header';
    readonly required: boolean;
    /** Of an object in a query: each member is a parameter of its own, such as `trait[plan]`. */
    readonly style?: 'deepObject';
    readonly schema: object;
  }[];
  readonly requestBody?: { readonly required: boolean; readonly content: Media };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Media }>>;
}

/** An OpenAPI 3.1 document. */
export interface OpenApi {
  readonly openapi: '3.1.1';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>>; readonly securitySchemes: object };
}

/** The version of the API, not of the package. Paths begin with it. */
const VERSION = '1';

const DESCRIPTION =
  'Send events, manage journeys, and read what happened to each user. The write key is the user name of HTTP Basic authentication; ' +
  'the admin key and user tokens are bearer tokens. Errors are RFC 9457 problem documents that name each invalid field. ' +
  'Unless a field says real time, times in responses are on the journey clock, which runs faster than real time where SPEED is above 1.';

/** The credentials that each scheme accepts. */
const SECURITY: Readonly<Record<Access<unknown>['name'], readonly string[]>> = {
  public: [],
  writeKey: ['writeKey', 'adminKey'],
  adminKey: ['adminKey'],
  userToken: ['userToken'],
  signedLink: [],
  flagReader: ['userToken', 'adminKey'],
};

/** The types of a body that are described. The others are for clients that call their JSON something else: nobody should send a form. */
const DESCRIBED: readonly BodyType[] = ['application/json', 'text/plain'];

/** Generates the OpenAPI document from the routes and the schemas that validate their requests. */
export function openApi(routes: readonly Route[], publicUrl: string): OpenApi {
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of routes) (paths[route.path] ??= {})[route.method] = operation(route);
  return withNamedSchemas({
    openapi: '3.1.1',
    info: { title: 'Sojourn', version: VERSION, description: DESCRIPTION },
    servers: [{ url: publicUrl }],
    paths,
    components: {
      schemas: { Problem: schemaOf(problemDocument, 'output') },
      securitySchemes: {
        writeKey: {
          type: 'http',
          scheme: 'basic',
          description:
            'The write key as user name, with an empty password. Alternatively, the body carries it as `writeKey`',
        },
        adminKey: { type: 'http', scheme: 'bearer', description: 'The admin key as bearer token' },
        userToken: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'A token from POST /v1/users/{id}/token',
        },
      },
    },
  });
}

/** Moves named schemas from the `$defs` of the schemas that use them to `components.schemas`, where OpenAPI expects them. */
function withNamedSchemas(document: OpenApi): OpenApi {
  const named: Record<string, unknown> = {};
  const rest = JSON.stringify(document, (key, value: unknown) => {
    if (key !== '$defs') return value;
    Object.assign(named, value);
    return undefined;
  });
  const moved = (text: string): unknown => JSON.parse(text.replaceAll('"#/$defs/', '"#/components/schemas/'));
  const { components, ...others } = moved(rest) as OpenApi;
  const schemas = { ...components.schemas, ...(moved(JSON.stringify(named)) as OpenApi['components']['schemas']) };
  return { ...others, components: { ...components, schemas } };
}

function operation(route: Route): Operation {
  const { name, summary, description, tag, access, schemas } = route;
  return {
    operationId: name,
    summary,
    ...(description !== undefined && { description }),
    tags: [tag],
    security: SECURITY[access.name].map((scheme) => ({ [scheme]: [] })),
    parameters: [
      ...parameters('path', schemas.params),
      ...parameters('query', schemas.query),
      ...parameters('header', schemas.headers),
    ],
    ...(schemas.body && { requestBody: requestBody(schemas.body, route.bodyTypes ?? ['application/json']) }),
    responses: responses(route),
  };
}

function parameters(
  place: Operation['parameters'][number]['in'],
  schema: z.ZodType | undefined,
): Operation['parameters'] {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input');
  return Object.entries(properties).map(([name, value]) => ({
    name,
    in: place,
    required: required.includes(name),
    ...(typeof value === 'object' && value.type === 'object' && { style: 'deepObject' as const }),
    schema: typeof value === 'boolean' ? {} : value,
  }));
}

function requestBody(schema: z.ZodType, types: readonly BodyType[]): NonNullable<Operation['requestBody']> {
  const content = { schema: schemaOf(schema, 'input') };
  return {
    required: !schema.safeParse(undefined).success,
    content: Object.fromEntries(types.filter((type) => DESCRIBED.includes(type)).map((type) => [type, content])),
  };
}

function responses({ answers, access, schemas, unlimited, refusal }: Route): Operation['responses'] {
  const refusals = {
    ...(SECURITY[access.name].length > 0 && { 401: { description: 'The key or token is missing or wrong' } }),
    ...(schemas.body && {
      400: { description: 'The body is not valid JSON' },
      413: { description: `The body is larger than ${BODY_LIMIT_BYTES / 1024} KB, as sent or decompressed` },
      415: { description: 'The Content-Type, Content-Encoding or charset of the body is not supported' },
    }),
    ...(!refusal &&
      (schemas.params ?? schemas.query ?? schemas.body) && {
        422: { description: 'The request is not valid; `errors` names each field' },
      }),
    ...(!unlimited && { 429: { description: 'Too many requests; `Retry-After` is the number of seconds to wait' } }),
    503: { description: 'The database is unreachable or too busy; `Retry-After` is the number of seconds to wait' },
  };
  const described = Object.entries({ ...refusals, ...answers });
  return {
    ...Object.fromEntries(described.map(([status, answer]) => [status, response(Number(status), answer)])),
    ...((schemas.params ?? schemas.query) && {
      431: response(431, { description: 'The path and headers together are too long' }),
    }),
  };
}

function response(status: number, { description, schema, type }: Answer): Operation['responses'][string] {
  if (schema) return { description, content: { [type ?? 'application/json']: { schema: schemaOf(schema, 'output') } } };
  if (type !== undefined) return { description, content: { [type]: { schema: { type: 'string' } } } };
  if (status < 400) return { description };
  return { description, content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } };
}

/** Converts a schema to JSON Schema 2020-12, the dialect of OpenAPI 3.1, without repeating `$schema`. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): z.core.JSONSchema.BaseSchema {
  const described = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  delete described.$schema;
  return described;
}
