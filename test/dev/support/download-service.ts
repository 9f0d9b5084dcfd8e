import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A stand-in for the download service. */
export interface DownloadService {
  readonly url: string;
  /** The requests so far: paths with their queries. */
  readonly requests: readonly string[];
  stop(): Promise<void>;
}

/**
 * Starts the service.
 * @param program the name of the program in the archive
 * @param archive answers the requests for the archive
 */
export async function startDownloadService(
  program: string,
  archive: (response: ServerResponse) => void,
): Promise<DownloadService> {
  const requests: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    requests.push(url);
    if (url === '/archive.tar.gz') return archive(response);
    response.end(JSON.stringify({ archiveUrl: `${address}/archive.tar.gz`, fileToExtract: program }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `${address}/cli`,
    requests,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
