import { once } from 'node:events';
import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startTemporalPage } from '../../dev/temporal-page';
import { freePort } from '../../dev/port';

test('the Temporal UI is served under the names of this machine only', async () => {
  const ui = createServer((_request, response) => response.end('the UI')).listen(0, '127.0.0.1');
  await once(ui, 'listening');
  const page = await startTemporalPage(await freePort(), (ui.address() as AddressInfo).port);
  const { port } = new URL(page.url);
  const statusOf = async (host: string, path: string): Promise<number | undefined> => {
    const asked = request({ host: '127.0.0.1', port, path, headers: { host } }).end();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    answer.resume();
    return answer.statusCode;
  };
  const hosts = ['localhost', '127.0.0.1', '[::1]', 'localhost.example', 'elsewhere.example', '127.0.0.1.example'];
  for (const path of ['/', '/api/v1/namespaces'])
    expect(await Promise.all(hosts.map((host) => statusOf(`${host}:${port}`, path)))).toEqual([
      ...[200, 200, 200],
      ...[403, 403, 403],
    ]);
  await page.stop();
  ui.closeAllConnections();
  await new Promise((resolve) => ui.close(resolve));
});
