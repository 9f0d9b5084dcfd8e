import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import { z } from 'zod';
import type { Gates } from '../auth';
import type { ApiDeps } from '../deps';
import { Problem } from '../problem';
import { route, type Reply, type Route } from '../route';

/** A name with a hash of the content stands for the same content for ever. The others change with a release. */
const UNCHANGING = 'public, max-age=31536000, immutable';
const CHANGING = 'public, max-age=300';

/** Compressions that browsers accept, the smallest result first. */
const ENCODINGS = { br: promisify(brotliCompress), gzip: promisify(gzip) };

/**
 * The files of the browser SDK. The names in a request are looked up among the files that were read at start, so none leads anywhere
 * else.
 */
export function sdkRoutes({ sdk }: ApiDeps, { anyone }: Gates): Route[] {
  const compressed = new Map<string, Promise<Uint8Array>>();

  async function reply(name: string, takes: (encoding: string) => boolean): Promise<Reply<Uint8Array>> {
    const content = sdk.get(name);
    if (!content) throw new Problem(404, { detail: 'The SDK has no such file.' });
    const encoding = (['br', 'gzip'] as const).find(takes);
    return {
      status: 200,
      type: name.endsWith('.map') ? 'application/json' : 'text/javascript',
      body: encoding
        ? await once(compressed, `${encoding} ${name}`, () => ENCODINGS[encoding](content))
        : Buffer.from(content),
      headers: {
        'Cache-Control': name.startsWith('chunks/') ? UNCHANGING : CHANGING,
        // Pages of any origin may run it, also those that let in only what says so.
        'Cross-Origin-Resource-Policy': 'cross-origin',
        Vary: 'Accept-Encoding',
        ...(encoding && { 'Content-Encoding': encoding }),
      },
    };
  }

  const shared = {
    method: 'get',
    tag: 'SDK',
    access: anyone,
    browser: true,
    cacheable: true,
    params: z.object({ file: z.string().meta({ description: 'The name of the file' }) }),
    answers: {
      200: { description: 'The file', type: ['text/javascript', 'application/json'] },
      404: { description: 'The SDK has no such file' },
    },
  } as const;
  return [
    route({
      ...shared,
      path: '/sdk/v1/{file}',
      name: 'sdk',
      summary: 'Retrieve a module of the browser SDK',
      description: '`sojourn.js` is for a script tag, `index.js` and `core.js` are modules.',
      example: { params: { file: 'sojourn.js' } },
      handle: ({ params: { file }, takes }) => reply(file, takes),
    }),
    route({
      ...shared,
      path: '/sdk/v1/chunks/{file}',
      name: 'sdkChunk',
      summary: 'Retrieve a part of the browser SDK that its modules load',
      example: { params: { file: 'modal-4F2A.js' } },
      handle: ({ params: { file }, takes }) => reply(`chunks/${file}`, takes),
    }),
  ];
}

/** Looks a value up, and makes it where it is missing. */
function once<Value>(made: Map<string, Value>, name: string, make: () => Value): Value {
  const value = made.get(name) ?? make();
  made.set(name, value);
  return value;
}
