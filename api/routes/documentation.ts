import type { Gates } from '../auth';
import { docsPage } from '../docs-page';
import type { OpenApi } from '../openapi';
import { pageReply } from '../page-reply';
import { route, type Route } from '../route';

/**
 * The API description, which includes these routes. It is generated only once, because the routes are public.
 * @param describe generates the document; called at the first request
 */
export function documentationRoutes(describe: () => OpenApi, { anyone }: Gates): Route[] {
  const description = once(describe);
  const json = once(() => JSON.stringify(description()));
  const page = once(() => pageReply(200, docsPage(description())));
  const shared = { method: 'get', tag: 'Documentation', access: anyone, browser: true, cacheable: true } as const;
  return [
    route({
      ...shared,
      path: '/v1/openapi.json',
      name: 'openApi',
      summary: 'Retrieve this description as OpenAPI',
      answers: { 200: { description: 'An OpenAPI 3.1 document', type: 'application/json' } },
      handle: async () => ({ status: 200, type: 'application/json', body: json() }),
    }),
    route({
      ...shared,
      path: '/docs',
      name: 'docs',
      summary: 'Show this description as an HTML page',
      answers: { 200: { description: 'An HTML page', type: 'text/html' } },
      handle: async () => page(),
    }),
  ];
}

/** Creates a value at the first call, and returns the same value from then on. */
function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | null = null;
  return () => (made ??= { value: make() }).value;
}
