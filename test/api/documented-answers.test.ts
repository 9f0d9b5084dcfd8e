import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { OpenApi } from '../../api/openapi';
import { DocumentedAnswers } from './documented-answers';

const operation = { operationId: 'listUsers', responses: { 200: { description: '', content: { 'text/plain': {} } } } };
const DOCUMENT = { openapi: '3.1.0', paths: { '/v1/users': { get: operation } } } as unknown as OpenApi;

/** A request, the pattern of the route that answers it, and the answer. */
type Exchange = readonly [method: string, route: string | undefined, status: number, type: string];

async function violationsOf(exchanges: readonly Exchange[]): Promise<readonly string[]> {
  const documented = new DocumentedAnswers(DOCUMENT);
  let exchange: Exchange | undefined;
  const server = createServer(
    documented.watch((_request, response: ServerResponse & { locals?: object }) => {
      const [, route, status, type] = exchange as Exchange;
      response.locals = { route };
      response.statusCode = status;
      response.setHeader('content-type', type).end('text');
    }),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  for (exchange of exchanges)
    await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, { method: exchange[0] });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return documented.violations;
}

test('an error is a problem document, except on a page of a route that the description does not have', async () => {
  expect(
    await violationsOf([
      ['GET', '/users/{id}/timeline', 401, 'text/html; charset=utf-8'],
      ['POST', '/sign-in', 404, 'text/html'],
      ['GET', '/v1/users', 200, 'text/plain'],
    ]),
  ).toEqual([]);
  expect(
    await violationsOf([
      ['GET', '/users/{id}/timeline', 401, 'text/plain'],
      ['GET', '/v1/users', 401, 'text/html'],
      ['POST', '/v1/users', 405, 'text/html'],
      ['PUT', undefined, 404, 'text/html'],
    ]),
  ).toEqual([
    "get of no operation 401: 'text/plain' is not documented, but application/problem+json is",
    'listUsers 401: the status is not documented; the body is text',
    "post of no operation 405: 'text/html' is not documented, but application/problem+json is",
    "put of no operation 404: 'text/html' is not documented, but application/problem+json is",
  ]);
});
