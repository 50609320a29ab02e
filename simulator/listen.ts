import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { generate } from 'selfsigned';
import { simulatedHosts } from './clouds.ts';
import type { Simulator } from './simulator.ts';
import { ConnectionReset } from './spoil.ts';

export interface Loopback {
  /** `http://127.0.0.1:<port>`, or `https://…` with `tls`. */
  url: string;
  /** The certificate to trust, with `tls`. */
  caPem?: string;
  close(): Promise<void>;
}

/**
 * Serves a simulator on 127.0.0.1. Plain HTTP takes the real host from `x-forwarded-host`; without it, and with TLS,
 * from `host`. The managed identity endpoint is at `/msi/token` of any host.
 * @throws when the port is taken.
 */
export async function listen(simulator: Simulator, options: { port?: number; tls?: boolean } = {}): Promise<Loopback> {
  const pair = options.tls === true ? await certificate() : undefined;
  const scheme = pair === undefined ? 'http' : 'https';
  const onRequest: RequestListener = (request, response) => {
    answer(simulator, scheme, request, response).catch(() => response.destroy());
  };
  const server =
    pair === undefined ? createServer(onRequest) : createTlsServer({ key: pair.private, cert: pair.cert }, onRequest);
  const listening = Promise.withResolvers<void>();
  server.once('error', listening.reject);
  server.listen(options.port ?? 0, '127.0.0.1', listening.resolve);
  await listening.promise;
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    ...(pair === undefined ? {} : { caPem: pair.cert }),
    async close() {
      const closed = Promise.withResolvers<void>();
      server.close((error) => (error === undefined ? closed.resolve() : closed.reject(error)));
      server.closeAllConnections();
      await closed.promise;
    },
  };
}

async function answer(
  simulator: Simulator,
  scheme: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const controller = new AbortController();
  response.on('close', () => controller.abort());
  try {
    const answered = await simulator.handle(await toFetch(request, scheme, controller.signal));
    const body = Buffer.from(await answered.arrayBuffer());
    response.writeHead(answered.status, Object.fromEntries(answered.headers)).end(body);
  } catch (error) {
    if (controller.signal.aborted) return;
    if (error instanceof ConnectionReset) {
      request.socket.destroy();
      return;
    }
    const text = error instanceof Error ? error.message : String(error);
    response.writeHead(500, { 'content-type': 'text/plain' }).end(`the simulator failed: ${text}\n`);
  }
}

async function toFetch(request: IncomingMessage, scheme: string, signal: AbortSignal): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const forwarded = request.headers['x-forwarded-host'];
  const host = typeof forwarded === 'string' ? forwarded : (request.headers.host ?? '127.0.0.1');
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && !name.startsWith(':'))
      headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  // Real hosts speak TLS, and links in the answers have to say so.
  const origin = `${typeof forwarded === 'string' ? 'https' : scheme}://${host}`;
  const init: RequestInit = { method: request.method ?? 'GET', headers, signal };
  if (chunks.length > 0) init.body = Buffer.concat(chunks);
  return new Request(`${origin}${request.url ?? '/'}`, init);
}

const DAY_MS = 86_400_000;

/** A certificate for the simulated hosts and for 127.0.0.1, good for a day either side of now. */
async function certificate(): Promise<{ private: string; cert: string }> {
  const names = [...simulatedHosts(), 'localhost'].map((value) => ({ type: 2 as const, value }));
  return generate([{ name: 'commonName', value: 'acr-warden simulator' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() - DAY_MS),
    notAfterDate: new Date(Date.now() + DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [...names, { type: 7 as const, ip: '127.0.0.1' }] },
    ],
  });
}
