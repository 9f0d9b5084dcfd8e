import { validate } from '@readme/openapi-parser';
import type { Request } from 'express';
import { gates } from '../../api/auth';
import { openApi, type OpenApi } from '../../api/openapi';
import { documentationRoutes } from '../../api/routes/documentation';
import { ICON_SVG } from '../../look/sign';
import { startApi, type TestApi } from './server';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const read = async (): Promise<OpenApi> => (await api.call('GET', '/v1/openapi.json')).body as OpenApi;

test('the description is an OpenAPI 3.1 document', async () => {
  const document = await read();
  expect(document.openapi).toBe('3.1.1');
  // The parser replaces references in what it validates.
  expect(await validate(structuredClone(document) as unknown as Parameters<typeof validate>[0])).toMatchObject({
    valid: true,
  });
  const { paths, components } = document;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.values(methods).map((operation) => ({ path, operation })),
  );
  const ids = operations.map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { path, operation } of operations) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const declared = operation.parameters.filter((parameter) => parameter.in === 'path');
    expect(declared.map(({ name, required }) => [name, required])).toEqual(named.map((name) => [name, true]));
    expect(
      operation.security.every((scheme) => Object.keys(scheme).every((name) => name in components.securitySchemes)),
    ).toBe(true);
    expect(Object.keys(operation.responses).some((status) => /^[23]/.test(status))).toBe(true);
  }
});

test('every reference in the description resolves', async () => {
  const { text, body } = await api.call('GET', '/v1/openapi.json');
  const references = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) => path);
  expect(references.length).toBeGreaterThan(0);
  for (const path of new Set(references)) {
    const target = path
      .split('/')
      .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], body);
    expect([path, typeof target]).toEqual([path, 'object']);
  }
});

/** The parts of JSON Schema in which a field can be described. */
interface Described {
  readonly $ref?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Described>>;
  readonly items?: Described;
  readonly anyOf?: readonly Described[];
  readonly oneOf?: readonly Described[];
  readonly additionalProperties?: Described | boolean;
}

/** The schemas of which a value fits one. */
const alternatives = ({ anyOf = [], oneOf = [] }: Described): readonly Described[] => [...anyOf, ...oneOf];

/** Is it said what a value means: here, in a schema that has a name, or in an alternative? */
const isDescribed = (field: Described): boolean =>
  field.description !== undefined || field.$ref !== undefined || alternatives(field).some(isDescribed);

/** The places of the fields without a meaning, at any depth. */
function undescribed(schema: Described, place: string): string[] {
  const { properties = {}, items, additionalProperties } = schema;
  return [
    ...Object.entries(properties).flatMap(([name, field]) => [
      ...(isDescribed(field) ? [] : [`${place}.${name}`]),
      ...undescribed(field, `${place}.${name}`),
    ]),
    ...(items ? undescribed(items, `${place}[]`) : []),
    ...alternatives(schema).flatMap((one) => undescribed(one, place)),
    ...(typeof additionalProperties === 'object' ? undescribed(additionalProperties, `${place}.*`) : []),
  ];
}

test('every field of every request and answer has a meaning', async () => {
  const { paths, components } = await read();
  const bodies = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { requestBody, responses }]) =>
      [requestBody, ...Object.values(responses)].flatMap((one) =>
        Object.values(one && 'content' in one ? (one.content ?? {}) : {}).map(
          ({ schema }) => [`${method} ${path}`, schema] as const,
        ),
      ),
    ),
  );
  const schemas = [...bodies, ...Object.entries(components.schemas)];
  expect(schemas.flatMap(([place, schema]) => undescribed(schema, place))).toEqual([]);
});

test('the description lists every route of the server', async () => {
  const { paths } = await read();
  const listed = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  const wanted = [
    ...['track', 'identify', 'page', 'screen', 'group', 'alias', 'batch', 'import/history', 'messages'].map(
      (name) => `post /v1/${name}`,
    ),
    ...[
      'get /v1/users',
      'get /v1/users/{id}',
      'get /v1/users/{id}/timeline',
      'delete /v1/users/{id}',
      'put /v1/users/{id}/consent',
      'post /v1/users/{id}/token',
    ],
    ...[
      'get /v1/journeys',
      'get /v1/journeys/{id}',
      'post /v1/journeys/{id}/enter',
      'post /v1/users/{id}/journeys/{journey}',
      'delete /v1/users/{id}/journeys/{journey}',
    ],
    ...['put /v1/journeys/{id}', 'get /v1/journeys/{id}/versions', 'post /v1/journeys/{id}/preview'],
    ...['publish', 'pause', 'resume', 'archive', 'rollback'].map((verb) => `post /v1/journeys/{id}/${verb}`),
    ...['get /v1/switches', 'put /v1/switches/{target}', 'delete /v1/switches/{target}'],
    ...['get /v1/definitions', 'get /v1/definitions/{id}'],
    ...['get /a/{token}', 'post /a/{token}'],
    ...['get /u/{token}', 'post /u/{token}', 'get /v1/preferences', 'put /v1/preferences'],
    ...['get /v1/users/{id}/preferences', 'put /v1/users/{id}/preferences'],
    ...['get /p/{token}', 'post /p/{token}', 'get /y/{token}', 'post /y/{token}'],
    ...[
      'get /v1/push/key',
      'post /v1/push/subscriptions',
      'delete /v1/push/subscriptions',
      'post /v1/push/devices',
      'delete /v1/push/devices',
      'get /v1/in-app',
      'post /v1/in-app/events',
      'get /v1/stream',
      'get /v1/inbox',
      'post /v1/inbox/{id}/answer',
      'post /v1/inbox/{id}/{reaction}',
      'get /v1/flags',
      'post /ofrep/v1/evaluate/flags',
      'post /ofrep/v1/evaluate/flags/{key}',
    ],
    ...['put /v1/chats/{chat}/{key}', 'get /v1/chats/{chat}/{key}'],
    ...['close', 'messages', 'seen', 'report', 'block'].map((verb) => `post /v1/chats/{chat}/{key}/${verb}`),
    'post /v1/receipts/{source}',
    'get /o/{token}',
    'get /c/{token}',
    ...['get', 'post', 'delete'].map((method) => `${method} /v1/suppressions`),
    ...['get /sdk/v1/{file}', 'get /sdk/v1/chunks/{file}'],
    ...['get /gallery', 'get /gallery/frame', 'get /gallery/{file}'],
    ...['get /v1/openapi.json', 'get /docs', 'get /docs/{file}', 'get /healthz', 'get /readyz'],
  ];
  expect(listed.sort()).toEqual(wanted.sort());
});

test('the description is generated and serialized once, for any number of requests', async () => {
  let made = 0;
  let written = 0;
  const describeOnce = (): OpenApi => {
    made += 1;
    const { paths, ...others } = openApi([], 'http://localhost');
    const counted = { enumerable: true, get: () => (++written, paths) };
    return Object.defineProperty(others, 'paths', counted) as OpenApi;
  };
  const [document, page] = documentationRoutes(
    describeOnce,
    gates(api.deps.config, api.deps.clock, async () => false),
  );
  const request = Object.create(null) as Request;
  for (let n = 0; n < 3; n++)
    for (const route of [document, page]) await (await route?.admit(request))?.handle(request);
  expect([made, written]).toEqual([1, 1]);
});

test('the bare address redirects to the HTML page', async () => {
  const page = await api.call('GET', '/');
  expect([page.status, page.text]).toEqual([200, (await api.call('GET', '/docs')).text]);
});

test('a browser that asks for the icon beside JSON gets the sign', async () => {
  const { status, headers, text } = await api.call('GET', '/favicon.ico');
  expect([status, headers.get('content-type'), text]).toEqual([200, 'image/svg+xml; charset=utf-8', ICON_SVG]);
});
