import { resolved, type OpenApi, type Operation } from '../../api/openapi';
import { ExampleWorld } from './example-world';
import type { Answer } from './server';

/** Operations whose second call has another status than the first. */
const TWICE = ['putJourney', 'sayInChat'];

let world: ExampleWorld;
let document: OpenApi;
let answers: ReadonlyMap<string, Answer>;

interface Described {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

beforeAll(async () => {
  world = await ExampleWorld.start();
  document = (await world.api.call('GET', '/v1/openapi.json')).body as OpenApi;
  const sent = new Map<string, Answer>();
  for (const described of operations()) {
    const { operationId, responses } = described.operation;
    await world.prepare(operationId);
    const answer = await send(described);
    sent.set(operationId, answer);
    if (TWICE.includes(operationId)) await send(described);
    const etag = answer.headers.get('etag');
    if ('304' in responses) await send(described, { 'if-none-match': String(etag) });
  }
  answers = sent;
}, 120_000);
afterAll(() => world.stop());

/** All operations. A user is erased last. */
function operations(): Described[] {
  const all = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const isLast = ({ operation }: Described): number => Number(operation.operationId === 'eraseUser');
  return all.toSorted((a, b) => isLast(a) - isLast(b));
}

/** Sends the example of an operation as the document has it. */
async function send({ path, method, operation }: Described, more: Record<string, string> = {}): Promise<Answer> {
  const { operationId, parameters, requestBody, security } = operation;
  const given = (place: string): [string, string][] =>
    parameters
      .filter((one) => one.in === place && one.example !== undefined)
      .map(({ name, example }) => [name, name === 'token' ? world.link(operationId) : String(example)]);
  const address = given('path').reduce(
    (url, [name, value]) => url.replace(`{${name}}`, encodeURIComponent(value)),
    path,
  );
  const query = new URLSearchParams(given('query')).toString();
  const body = requestBody?.content['application/json']?.example;
  const text = body === undefined ? undefined : JSON.stringify(body);
  const [scheme] = security.flatMap((one) => Object.keys(one));
  const headers = {
    ...(await world.credentials(scheme)),
    ...(text !== undefined && { 'content-type': 'application/json' }),
    ...(operationId === 'receiveReceipts' && world.signature(text ?? '')),
    ...more,
  };
  const url = `${address}${query && '?'}${query}`;
  if (operationId === 'streamInApp') return firstOf(url, headers);
  return world.api.call(method.toUpperCase(), url, {
    headers,
    ...(text !== undefined && { body: text }),
  });
}

/** The beginning of a stream. */
async function firstOf(url: string, headers: Record<string, string>): Promise<Answer> {
  const left = new AbortController();
  const response = await fetch(world.api.url + url, { headers, signal: left.signal });
  left.abort();
  return { status: response.status, headers: response.headers, text: '', body: null };
}

/** The answer that the document shows for an operation, where it shows one. */
function shownAnswer({ responses }: Operation, status: number): unknown {
  const response = responses[status];
  return response && resolved(document, response).content?.['application/json']?.example;
}

const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
const OPAQUE = /^(?=.*\d)[\w.-]{9,}$/;

/** The answer, with the instants and generated ids that the example has in their places, where it has instants and ids there. */
function asShown(answer: unknown, example: unknown): unknown {
  if (typeof answer === 'string' && typeof example === 'string')
    return [INSTANT, OPAQUE].some((form) => form.test(answer) && form.test(example)) ? example : answer;
  if (Array.isArray(answer)) return answer.map((one, n) => asShown(one, (example as unknown[] | undefined)?.[n]));
  if (typeof answer !== 'object' || answer === null) return answer;
  const shown = (example ?? {}) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, asShown(value, shown[name])]));
}

test('every example of the document gets the answer that the document shows', () => {
  for (const { operation } of operations()) {
    const { status, body } = answers.get(operation.operationId) ?? { status: 0, body: null };
    const example = shownAnswer(operation, status) ?? null;
    const shown = operation.operationId === 'openApi' || example === null ? null : asShown(body, example);
    expect([operation.operationId, status, shown]).toEqual([
      operation.operationId,
      status < 400 ? status : 'success',
      example,
    ]);
  }
});

test('every successful status that the document has comes from an example', () => {
  const documented = operations().flatMap(({ operation: { operationId, responses } }) =>
    Object.keys(responses)
      .filter((status) => Number(status) < 400)
      .map((status) => `${operationId} ${status}`),
  );
  expect(documented.filter((one) => !world.api.answered.has(one))).toEqual([]);
});

/** Whether an answer is JSON of a schema, and no file. */
const isJson = (schema: object = {}): boolean => Object.keys(schema).length > 0;

test('every operation has examples of its path, its body and its answers', () => {
  const missing = operations().flatMap(({ operation }) => {
    const { operationId, parameters, requestBody, responses } = operation;
    const parts = [
      ...parameters.filter((one) => one.in === 'path' && one.example === undefined).map(({ name }) => name),
      ...(requestBody?.content['application/json'] && requestBody.content['application/json'].example === undefined
        ? ['body']
        : []),
      ...Object.entries(responses).flatMap(([status, response]) => {
        const { schema, example } = resolved(document, response).content?.['application/json'] ?? {};
        return Number(status) < 400 && isJson(schema) && example === undefined && operationId !== 'openApi'
          ? [status]
          : [];
      }),
    ];
    return parts.map((part) => `${operationId}: ${part}`);
  });
  expect(missing).toEqual([]);
});
