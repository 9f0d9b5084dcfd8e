import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { z } from 'zod';
import type { Gates } from '../auth';
import { readSwaggerFile, SWAGGER_FILES } from '../docs-files';
import { DOCS_POLICY, docsPage, DOCS_SCRIPT, DOCS_STYLE } from '../docs-page';
import type { OpenApi } from '../openapi';
import { Problem } from '../problem';
import { route, type Route } from '../route';

const compress = promisify(gzip);

/** A release may change the files, and their names stay. */
const CACHE = 'public, max-age=300';

/**
 * The API description, which includes these routes. It is generated only once, because the routes are public.
 * @param describe generates the document; called at the first request
 */
export function documentationRoutes(describe: () => OpenApi, { anyone }: Gates): Route[] {
  const description = once(describe);
  const json = once(() => JSON.stringify(description()));
  const page = once(() => docsPage(description()));
  /** The files of the page by name. A request can name no others. */
  const files = new Map<string, () => Promise<Compressed>>([
    ['page.js', once(() => compressed(Buffer.from(DOCS_SCRIPT)))],
    ['page.css', once(() => compressed(Buffer.from(DOCS_STYLE)))],
    ...SWAGGER_FILES.map((name) => [name, once(() => compressed(readSwaggerFile(name)))] as const),
  ]);
  const shared = { method: 'get', tag: 'Documentation', access: anyone, browser: true, cacheable: true } as const;
  return [
    route({
      ...shared,
      path: '/v1/openapi.json',
      name: 'openApi',
      summary: 'Retrieve this description as OpenAPI',
      answers: {
        200: {
          description: 'An OpenAPI 3.1 document',
          schema: z
            .looseObject({ openapi: z.string().meta({ description: 'The version of OpenAPI' }) })
            .meta({ description: 'https://spec.openapis.org/oas/v3.1.1' }),
        },
      },
      handle: async () => ({ status: 200, type: 'application/json', body: json() }),
    }),
    route({
      ...shared,
      path: '/docs',
      name: 'docs',
      summary: 'Show this description as a page that can send requests',
      answers: { 200: { description: 'An HTML page', type: 'text/html' } },
      handle: async () => ({
        status: 200,
        type: 'text/html',
        body: page(),
        headers: { 'Content-Security-Policy': DOCS_POLICY },
      }),
    }),
    route({
      ...shared,
      path: '/docs/{file}',
      name: 'docsFile',
      summary: 'Retrieve a script or style sheet of the page',
      params: z.object({ file: z.string().meta({ description: 'The name of the file' }) }),
      example: { params: { file: 'page.js' } },
      answers: {
        200: { description: 'The file', type: ['text/javascript', 'text/css'] },
        404: { description: 'The page has no such file' },
      },
      handle: async ({ params: { file }, takes }) => {
        const read = files.get(file);
        if (!read) throw new Problem(404, { detail: 'The page has no such file.' });
        const { content, gzipped } = await read();
        const asGzip = takes('gzip');
        return {
          status: 200,
          type: file.endsWith('.css') ? 'text/css' : 'text/javascript',
          body: asGzip ? gzipped : content,
          headers: {
            'Cache-Control': CACHE,
            Vary: 'Accept-Encoding',
            ...(asGzip && { 'Content-Encoding': 'gzip' }),
          },
        };
      },
    }),
  ];
}

interface Compressed {
  readonly content: Buffer;
  readonly gzipped: Buffer;
}

async function compressed(content: Buffer): Promise<Compressed> {
  return { content, gzipped: await compress(content) };
}

/** Creates a value at the first call, and returns the same value from then on. */
function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | null = null;
  return () => (made ??= { value: make() }).value;
}
