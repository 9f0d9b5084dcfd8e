import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A stand-in for the service that names the archive for a platform. */
export interface DownloadService {
  readonly url: string;
  /** What was asked for so far: paths with their queries. */
  readonly asked: readonly string[];
  stop(): Promise<void>;
}

/** @param archive answers whoever asks for the archive, in which the program is called `program` */
export async function startDownloadService(
  program: string,
  archive: (response: ServerResponse) => void,
): Promise<DownloadService> {
  const asked: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    asked.push(url);
    if (url === '/archive.tar.gz') return archive(response);
    response.end(JSON.stringify({ archiveUrl: `${address}/archive.tar.gz`, fileToExtract: program }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `${address}/cli`,
    asked,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
