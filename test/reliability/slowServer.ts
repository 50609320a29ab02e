import { createServer } from 'node:http';
import type { HttpClient } from '@azure/core-rest-pipeline';
import { rewriteTo } from '../../src/rewrite.ts';

const BETWEEN_BYTES_MS = 5;

/** A server that answers every read with one byte after another, for ever; rows go where they always go. */
export async function withSlowServer<T>(use: (http: (inner: HttpClient) => HttpClient) => Promise<T>): Promise<T> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const timer = setInterval(() => response.write(' '), BETWEEN_BYTES_MS);
    response.once('close', () => clearInterval(timer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the slow server has no port');
  const slow = rewriteTo(`http://127.0.0.1:${address.port}`);
  try {
    return await use((inner) => ({
      sendRequest: (request) => (request.url.includes('.ingest.') ? inner : slow).sendRequest(request),
    }));
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
