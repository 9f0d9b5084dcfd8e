import { z } from 'zod';
import type { Access } from './auth';
import { problemDocument } from './problem';
import type { Answer, BodyType, Route } from './route';

interface Media {
  readonly [type: string]: { readonly schema: object };
}

/** The parts of an OpenAPI 3.1 operation we use (https://spec.openapis.org/oas/v3.1.1). */
export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters: readonly {
    readonly name: string;
    readonly in: 'path' | 'query';
    readonly required: boolean;
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

/** Of the API, not of the package: paths begin with it. */
const VERSION = '1';

const DESCRIPTION =
  'Events in, users and journeys out. Errors are RFC 9457 problem documents and name the field. Times in answers are of the journey clock.';

const SECURITY: Readonly<Record<Access<unknown>['name'], string | null>> = {
  public: null,
  writeKey: 'writeKey',
  adminKey: 'adminKey',
  userToken: 'userToken',
};

/** Describes the routes, from the schemas that check what they are given. */
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
        writeKey: { type: 'http', scheme: 'basic', description: 'The write key as user name, no password' },
        adminKey: { type: 'http', scheme: 'bearer', description: 'The admin key' },
        userToken: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'A token of POST /v1/users/{id}/token',
        },
      },
    },
  });
}

/** JSON Schema keeps the schemas that have a name beside the one that uses them, OpenAPI keeps them all in one place. */
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
  const scheme = SECURITY[access.name];
  return {
    operationId: name,
    summary,
    ...(description !== undefined && { description }),
    tags: [tag],
    security: scheme === null ? [] : [{ [scheme]: [] }],
    parameters: [...parameters('path', schemas.params), ...parameters('query', schemas.query)],
    ...(schemas.body && { requestBody: requestBody(schemas.body, route.bodyTypes ?? ['application/json']) }),
    responses: responses(route),
  };
}

function parameters(place: 'path' | 'query', schema: z.ZodType | undefined): Operation['parameters'] {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input');
  return Object.entries(properties).map(([name, value]) => ({
    name,
    in: place,
    required: required.includes(name),
    schema: typeof value === 'boolean' ? {} : value,
  }));
}

function requestBody(schema: z.ZodType, types: readonly BodyType[]): NonNullable<Operation['requestBody']> {
  const content = { schema: schemaOf(schema, 'input') };
  return {
    required: !schema.safeParse(undefined).success,
    content: Object.fromEntries(types.map((type) => [type, content])),
  };
}

function responses({ answers, access, schemas, unlimited }: Route): Operation['responses'] {
  const refusals = {
    ...(access.name !== 'public' && { 401: { description: 'Wrong key or token' } }),
    ...(schemas.body && {
      400: { description: 'Not JSON' },
      413: { description: 'Too large' },
      415: { description: 'Not a type of body this route reads' },
    }),
    ...((schemas.params ?? schemas.query ?? schemas.body) && {
      422: { description: 'Not valid; `errors` names the fields' },
    }),
    ...(!unlimited && { 429: { description: 'Too many requests; Retry-After says when to try again' } }),
    503: { description: 'The database can not be reached or is too busy; Retry-After says when to try again' },
  };
  const described = Object.entries({ ...refusals, ...answers });
  return {
    ...Object.fromEntries(described.map(([status, answer]) => [status, response(Number(status), answer)])),
    // Node.js refuses it before any of us has a say: without a body.
    ...((schemas.params ?? schemas.query) && { 431: { description: 'The address is too long to be read' } }),
  };
}

function response(status: number, { description, schema, type }: Answer): Operation['responses'][string] {
  if (schema) return { description, content: { [type ?? 'application/json']: { schema: schemaOf(schema, 'output') } } };
  if (type !== undefined) return { description, content: { [type]: { schema: { type: 'string' } } } };
  if (status < 400) return { description };
  return { description, content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } };
}

/** A schema as OpenAPI 3.1 takes it: JSON Schema 2020-12, without saying so each time. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): z.core.JSONSchema.BaseSchema {
  const described = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  delete described.$schema;
  return described;
}
