import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Part } from '../../../dev/teardown';

/** What the services that the examples call answer. */
const ANSWERS: Readonly<Record<string, unknown>> = {
  '/accounts/close': {},
  '/chat': {},
  '/coupons': { code: 'TEN-4711' },
  '/news': [{ title: 'A reply to your report', url: 'https://example.com/reports/7' }],
  '/tickets': { number: 'T-1' },
  '/vouchers': { code: 'V-4711' },
};

/** Starts the team's own services, over HTTP. The examples find them by `SERVICES_URL`, which they read when they are loaded. */
export async function startServices(): Promise<Part> {
  const server = createServer((request, response) => {
    request.resume();
    const answer = ANSWERS[request.url ?? ''];
    response.statusCode = answer === undefined ? 404 : 200;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env['SERVICES_URL'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    stop: async () => {
      delete process.env['SERVICES_URL'];
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
