import type { Gates } from '../auth';
import { docsPage } from '../docs-page';
import type { OpenApi } from '../openapi';
import { route, type Route } from '../route';

/**
 * The description of the API, which includes these routes themselves. Anyone may ask for it, so it is made only once.
 * @param describe makes the document, once the server runs
 */
export function documentationRoutes(describe: () => OpenApi, { anyone }: Gates): Route[] {
  const description = once(describe);
  const json = once(() => JSON.stringify(description()));
  const page = once(() => docsPage(description()));
  const shared = { method: 'get', tag: 'Documentation', access: anyone, browser: true, cacheable: true } as const;
  return [
    route({
      ...shared,
      path: '/v1/openapi.json',
      name: 'openApi',
      summary: 'This description',
      answers: { 200: { description: 'OpenAPI 3.1', type: 'application/json' } },
      handle: async () => ({ status: 200, type: 'application/json', body: json() }),
    }),
    route({
      ...shared,
      path: '/docs',
      name: 'docs',
      summary: 'This description as a page',
      answers: { 200: { description: 'A page', type: 'text/html' } },
      handle: async () => ({ status: 200, type: 'text/html', body: page() }),
    }),
  ];
}

/** Makes something when it is first asked for. */
function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | null = null;
  return () => (made ??= { value: make() }).value;
}
