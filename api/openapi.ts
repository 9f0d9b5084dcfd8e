import type { z } from 'zod';
import { schemaOf } from './json-schema';
import { responsesOf, SECURITY, sharedResponses, type OpenApiResponse, type Reference } from './openapi-responses';
import { problemDocument } from './problem';
import type { BodyType, RequestExample, Route } from './route';

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
    readonly description?: string;
    readonly example?: unknown;
  }[];
  readonly requestBody?: {
    readonly required: boolean;
    readonly content: Readonly<Record<string, { readonly schema: object; readonly example?: unknown }>>;
  };
  readonly responses: Readonly<Record<string, OpenApiResponse | Reference>>;
}

/** How a request proves who sends it. */
export interface SecurityScheme {
  readonly type: 'http';
  readonly scheme: 'basic' | 'bearer';
  readonly bearerFormat?: string;
  readonly description: string;
}

/** An OpenAPI 3.1 document. */
export interface OpenApi {
  readonly openapi: '3.1.1';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, object>>;
    readonly responses: Readonly<Record<string, OpenApiResponse>>;
    readonly securitySchemes: Readonly<Record<string, SecurityScheme>>;
  };
}

/** The version of the API, not of the package. Paths begin with it. */
const VERSION = '1';

const DESCRIPTION =
  'Send events, manage journeys, and read what happened to each user. The write key is the user name of HTTP Basic authentication; ' +
  'the admin key and user tokens are bearer tokens. Errors are RFC 9457 problem documents that name each invalid field. ' +
  'Unless a field says real time, times in responses are on the journey clock, which runs faster than real time where SPEED is above 1.';

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
      responses: sharedResponses(),
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

/** Finds what a response refers to, where it is a reference. */
export function resolved({ components }: OpenApi, response: OpenApiResponse | Reference): OpenApiResponse {
  if (!('$ref' in response)) return response;
  const found = components.responses[response.$ref.replace(/^.*\//, '')];
  if (!found) throw new Error(`There is no ${response.$ref}.`);
  return found;
}

/**
 * Moves named schemas from the `$defs` of the schemas that use them to `components.schemas`, where OpenAPI expects them.
 * @throws when two schemas have one name
 */
function withNamedSchemas(document: OpenApi): OpenApi {
  const named: Record<string, unknown> = {};
  const rest = JSON.stringify(document, (key, value: unknown) => {
    if (key !== '$defs') return value;
    for (const [name, schema] of Object.entries(value as Record<string, unknown>)) {
      if (name in named && JSON.stringify(named[name]) !== JSON.stringify(schema))
        throw new Error(`Two schemas are named '${name}'. Give one of them another name.`);
      named[name] = schema;
    }
    return undefined;
  });
  const moved = (text: string): unknown => JSON.parse(text.replaceAll('"#/$defs/', '"#/components/schemas/'));
  const { components, ...others } = moved(rest) as OpenApi;
  const schemas = { ...components.schemas, ...(moved(JSON.stringify(named)) as OpenApi['components']['schemas']) };
  return { ...others, components: { ...components, schemas } };
}

function operation(route: Route): Operation {
  const { name, summary, description, tag, access, schemas, example = {} } = route;
  return {
    operationId: name,
    summary,
    ...(description !== undefined && { description }),
    tags: [tag],
    security: SECURITY[access.name].map((scheme) => ({ [scheme]: [] })),
    parameters: [
      ...parameters('path', schemas.params, example.params),
      ...parameters('query', schemas.query, example.query),
      ...parameters('header', schemas.headers, {}),
    ],
    ...(schemas.body && { requestBody: requestBody(schemas.body, route.bodyTypes ?? ['application/json'], example) }),
    responses: responsesOf(route),
  };
}

function parameters(
  place: Operation['parameters'][number]['in'],
  schema: z.ZodType | undefined,
  examples: Readonly<Record<string, string>> = {},
): Operation['parameters'] {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input');
  return Object.entries(properties).map(([name, value]) => {
    const { description, ...rest } = typeof value === 'boolean' ? {} : value;
    return {
      name,
      in: place,
      required: required.includes(name),
      ...(rest.type === 'object' && { style: 'deepObject' as const }),
      ...(description !== undefined && { description }),
      schema: rest,
      ...(examples[name] !== undefined && {
        example: ['integer', 'number'].includes(String(rest.type)) ? Number(examples[name]) : examples[name],
      }),
    };
  });
}

function requestBody(
  schema: z.ZodType,
  types: readonly BodyType[],
  { body: example }: RequestExample,
): NonNullable<Operation['requestBody']> {
  const content = { schema: schemaOf(schema, 'input'), ...(example !== undefined && { example }) };
  return {
    required: !schema.safeParse(undefined).success,
    content: Object.fromEntries(types.filter((type) => DESCRIBED.includes(type)).map((type) => [type, content])),
  };
}
