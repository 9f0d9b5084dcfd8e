import { z } from 'zod';
import type { Request } from 'express';
import { apiRoutes } from '../../api/app';
import { gates } from '../../api/auth';
import { openApi, type OpenApi } from '../../api/openapi';
import { documentationRoutes } from '../../api/routes/documentation';
import { advanceUser } from './engine';
import { startApi, type TestApi } from './server';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const schema = z.looseObject({});
const media = z.record(z.string(), z.strictObject({ schema }));

/** The rules of OpenAPI 3.1.1 for the parts that this API uses. */
const DOCUMENT = z.strictObject({
  openapi: z.literal('3.1.1'),
  info: z.strictObject({ title: z.string(), version: z.string(), description: z.string() }),
  servers: z.array(z.strictObject({ url: z.url() })),
  paths: z.record(
    z.string().startsWith('/'),
    z.partialRecord(
      z.enum(['get', 'post', 'put', 'delete']),
      z.strictObject({
        operationId: z.string().regex(/^\w+$/),
        summary: z.string().min(1),
        description: z.string().optional(),
        tags: z.array(z.string()).length(1),
        security: z.array(z.record(z.string(), z.array(z.never()))),
        parameters: z.array(
          z.strictObject({
            name: z.string(),
            in: z.enum(['path', 'query', 'header']),
            required: z.boolean(),
            style: z.literal('deepObject').optional(),
            schema,
          }),
        ),
        requestBody: z.strictObject({ required: z.boolean(), content: media }).optional(),
        responses: z.record(
          z.string().regex(/^[2-5]\d\d$/),
          z.strictObject({ description: z.string(), content: media.optional() }),
        ),
      }),
    ),
  ),
  components: z.strictObject({ schemas: z.record(z.string(), schema), securitySchemes: z.record(z.string(), schema) }),
});

const read = async (): Promise<z.infer<typeof DOCUMENT>> =>
  DOCUMENT.parse((await api.call('GET', '/v1/openapi.json')).body);

test('the description is an OpenAPI 3.1 document', async () => {
  const { paths, components } = await read();
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
    expect(Object.keys(operation.responses).some((status) => status.startsWith('2'))).toBe(true);
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

test('the description lists every route of the server', async () => {
  const { paths } = await read();
  const listed = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  const wanted = [
    ...['track', 'identify', 'page', 'screen', 'group', 'alias', 'batch', 'messages'].map((name) => `post /v1/${name}`),
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
    ...['get /v1/definitions', 'get /v1/definitions/{id}'],
    ...['get /a/{token}', 'post /a/{token}'],
    ...['get /u/{token}', 'post /u/{token}', 'get /v1/preferences', 'put /v1/preferences'],
    ...[
      'get /v1/push/key',
      'post /v1/push/subscriptions',
      'delete /v1/push/subscriptions',
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
    ...['get /sdk/v1/{file}', 'get /sdk/v1/chunks/{file}'],
    ...['get /gallery', 'get /gallery/frame', 'get /gallery/{file}'],
    ...['get /v1/openapi.json', 'get /docs', 'get /healthz', 'get /readyz'],
  ];
  expect(listed.sort()).toEqual(wanted.sort());
});

test('the HTML page needs no external resources', async () => {
  const page = await api.call('GET', '/docs');
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(page.text).toContain('POST /v1/batch');
  expect(page.text).not.toMatch(/<script|<link (?!rel="icon" href="data:)|src=|@import|url\(/);
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
  const routes = documentationRoutes(
    describeOnce,
    gates(api.deps.config, api.deps.clock, async () => false),
  );
  const request = Object.create(null) as Request;
  for (let n = 0; n < 3; n++) for (const route of routes) await (await route.admit(request)).handle(request);
  // Once as a document, and once as a page.
  expect([routes.length, made, written]).toEqual([2, 1, 2]);
});

test('the bare address redirects to the HTML page', async () => {
  const page = await api.call('GET', '/');
  expect([page.status, page.text]).toEqual([200, (await api.call('GET', '/docs')).text]);
});

test('responses match the description', async () => {
  await api.write('/v1/identify', { userId: 'ada', traits: { email: 'ada@example.com' } });
  await api.write('/v1/track', { userId: 'ada', event: 'Signed Up', properties: { plan: 'free' } });
  await advanceUser(api, 'ada');
  const routes = apiRoutes(api.deps);
  const answerOf = (name: string, status: number): z.ZodType => {
    const described = routes.find((route) => route.name === name)?.answers[status]?.schema;
    if (!described) throw new Error(`${name} describes no answer ${status}.`);
    return described;
  };
  const answers = [
    ['track', 200, await api.write('/v1/track', { userId: 'ada', event: 'Clicked' })],
    ['getUser', 200, await api.admin('GET', '/v1/users/ada')],
    ['getTimeline', 200, await api.admin('GET', '/v1/users/ada/timeline')],
    ['setConsent', 200, await api.admin('PUT', '/v1/users/ada/consent', { email: true })],
    ['createUserToken', 201, await api.admin('POST', '/v1/users/ada/token')],
    ['listJourneys', 200, await api.admin('GET', '/v1/journeys')],
    ['getJourney', 200, await api.admin('GET', '/v1/journeys/onboarding')],
    ['leaveJourney', 202, await api.admin('DELETE', '/v1/users/ada/journeys/onboarding')],
    ['ready', 200, await api.call('GET', '/readyz')],
  ] as const;
  for (const [name, status, answer] of answers) {
    expect([name, answer.status]).toEqual([name, status]);
    expect([name, answerOf(name, status).safeParse(answer.body).error?.issues]).toEqual([name, undefined]);
  }
});
