import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { request, type IncomingHttpHeaders } from 'node:http';
import { bundleSdk, type SdkBundle } from '../../dev/bundle-sdk';
import { startApi, type TestApi } from '../api/server';

let sdk: SdkBundle;
let api: TestApi;
beforeAll(async () => {
  sdk = await bundleSdk();
  api = await startApi({ sdk: sdk.files });
});
afterAll(() => api.stop());

/** Requests a path exactly as it is written: `fetch` would resolve `..` itself. */
function raw(path: string, accept?: string): Promise<{ status: number; headers: IncomingHttpHeaders; body: Buffer }> {
  const { hostname, port } = new URL(api.url);
  return new Promise((resolve, reject) => {
    request(
      { hostname, port, path, headers: accept === undefined ? {} : { 'accept-encoding': accept } },
      (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(pieces) }),
        );
      },
    )
      .on('error', reject)
      .end();
  });
}

const chunk = (): string => [...sdk.files.keys()].find((name) => /^chunks\/.*\.js$/.test(name)) ?? '';

test.each(['sojourn.js', 'index.js', 'core.js', 'kinds.js'])('serves %s to pages of any origin', async (name) => {
  const { status, headers, body } = await raw(`/sdk/v1/${name}`);
  expect(status).toBe(200);
  expect(body.equals(sdk.files.get(name) ?? Buffer.alloc(0))).toBe(true);
  expect(headers).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
    'cache-control': 'public, max-age=300',
  });
});

test('lets browsers keep for ever what has a hash in its name', async () => {
  const { status, headers } = await raw(`/sdk/v1/${chunk()}`);
  expect(status).toBe(200);
  expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
});

test('serves source maps as JSON', async () => {
  const { headers, body } = await raw('/sdk/v1/sojourn.js.map');
  expect(headers['content-type']).toBe('application/json; charset=utf-8');
  expect(JSON.parse(body.toString())).toMatchObject({ version: 3 });
});

test('compresses for who accepts it', async () => {
  const { headers, body } = await raw('/sdk/v1/core.js', 'gzip, deflate, br');
  expect(headers).toMatchObject({ 'content-encoding': 'br', vary: 'Accept-Encoding' });
  expect(brotliDecompressSync(body).equals(sdk.files.get('core.js') ?? Buffer.alloc(0))).toBe(true);
  expect((await raw('/sdk/v1/core.js', 'gzip')).headers['content-encoding']).toBe('gzip');
});

test.each([
  ['gzip, br;q=0', 'gzip'],
  ['br;q=0.5, gzip', 'br'],
  ['gzip;q=0, br;q=0', undefined],
  ['*;q=0', undefined],
  ['*', 'br'],
  ['deflate', undefined],
  ['brotli, x-br', undefined],
  [undefined, undefined],
])('to a client that accepts "%s" the content encoding is %s', async (accept, encoding) => {
  const { status, headers, body } = await raw('/sdk/v1/core.js', accept);
  expect(status).toBe(200);
  expect(headers['content-encoding']).toBe(encoding);
  const read = encoding === 'br' ? brotliDecompressSync : encoding === 'gzip' ? gunzipSync : Buffer.from;
  expect(read(body).equals(sdk.files.get('core.js') ?? Buffer.alloc(0))).toBe(true);
});

test.each([
  '/sdk/v1/../../package.json',
  '/sdk/v1/..%2f..%2fpackage.json',
  '/sdk/v1/chunks/..%2findex.js',
  '/sdk/v1/no.js',
])('answers 404 to %s', async (path) => {
  const { status, headers } = await raw(path);
  expect(status).toBe(404);
  expect(headers['content-type']).toMatch('application/problem+json');
});
