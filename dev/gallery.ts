import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bundleSdk } from './bundle-sdk';
import type { Part } from './teardown';

/** As strict as a page can have it: nothing inline, nothing from elsewhere, no string as a script. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; frame-src 'self'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types";

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html',
  css: 'text/css',
  svg: 'image/svg+xml',
  js: 'text/javascript',
};

export interface Gallery extends Part {
  readonly origin: string;
}

/**
 * Serves the gallery alone, at the paths that the API has for it.
 * @param more other files, by their paths
 */
export async function startGallery(more: Readonly<Record<string, string>> = {}): Promise<Gallery> {
  const { files } = await bundleSdk();
  const own: Readonly<Record<string, Uint8Array | string | undefined>> = {
    '/gallery': files.get('gallery/page.html'),
    '/gallery/frame': files.get('gallery/frame.html'),
    ...more,
  };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://localhost');
    const found = own[pathname] ?? files.get(pathname.replace(/^\/(sdk\/v1\/)?/, ''));
    if (found === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.setHeader('content-security-policy', POLICY);
    response.setHeader('content-type', TYPES[/\.(\w+)$/.exec(pathname)?.[1] ?? 'html'] ?? '').end(found);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
