import { z } from 'zod';
import type { Gates } from '../auth';
import type { ApiDeps } from '../deps';
import { Problem } from '../problem';
import { route, type Reply, type Route } from '../route';

/** Nothing inline, and nothing from elsewhere: the gallery also shows that the SDK needs no more. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; frame-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types";

const TYPES = { html: 'text/html', css: 'text/css', svg: 'image/svg+xml' } as const;

/** The gallery: pages that show each kind of message with an example. Its scripts are among the files of the SDK. */
export function galleryRoutes({ sdk }: ApiDeps, { anyone }: Gates): Route[] {
  /** The names are looked up among the files that were read at start, so none leads anywhere else. */
  function reply(name: string): Reply<Buffer> {
    const content = sdk.get(`gallery/${name}`);
    const type = Object.entries(TYPES).find(([ending]) => name.endsWith(`.${ending}`))?.[1];
    if (!content || !type) throw new Problem(404, { detail: 'The gallery has no such file.' });
    return { status: 200, type, body: Buffer.from(content), headers: { 'Content-Security-Policy': POLICY } };
  }

  const shared = { method: 'get', tag: 'SDK', access: anyone, browser: true, cacheable: true } as const;
  const answers = { 404: { description: 'The SDK has not been built, or has no such file' } };
  const page = { 200: { description: 'An HTML page', type: 'text/html' }, ...answers };
  return [
    route({
      ...shared,
      path: '/gallery',
      name: 'gallery',
      summary: 'Show each kind of message with an example',
      answers: page,
      handle: async () => reply('page.html'),
    }),
    route({
      ...shared,
      path: '/gallery/frame',
      name: 'galleryFrame',
      summary: 'Show one message in a page of an app',
      description: 'The gallery shows these pages. What is shown is said by its query, which its script reads.',
      answers: page,
      handle: async () => reply('frame.html'),
    }),
    route({
      ...shared,
      path: '/gallery/{file}',
      name: 'galleryFile',
      summary: 'Retrieve a style sheet or a picture of the gallery',
      params: z.object({ file: z.string().meta({ description: 'The name of the file' }) }),
      example: { params: { file: 'page.css' } },
      answers: { 200: { description: 'The file', type: ['text/css', 'image/svg+xml'] }, ...answers },
      handle: async ({ params: { file } }) => reply(file),
    }),
  ];
}
