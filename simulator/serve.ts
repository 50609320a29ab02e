import type { FaultEngine } from './faults.ts';
import { normalized } from './resourceId.ts';
import { services } from './services/index.ts';
import { pause, spoilAfter, spoilBefore } from './spoil.ts';
import { readToken } from './token.ts';
import type { World } from './world.ts';

/** One request through latency, faults and the service that has the host. */
export async function serve(request: Request, world: World, faults: FaultEngine, latencyMs: number): Promise<Response> {
  const url = new URL(request.url);
  const path = normalized(url.pathname);
  const service = services.find((one) => one.serves(url.hostname, path));
  const entry = { method: request.method, host: url.hostname, path, service: service?.name ?? 'none', status: 0 };
  world.requests.push(entry);
  const effects = faults.effectsOn({
    service: entry.service,
    method: entry.method,
    host: entry.host,
    pathAndQuery: `${path}${url.search}`,
  });
  if (latencyMs > 0) await pause(latencyMs, request.signal);
  const answer = (await spoilBefore(effects, url.hostname, request.signal)) ?? (await answered());
  const response = await spoilAfter(effects, answer, url);
  entry.status = response.status;
  return response;

  async function answered(): Promise<Response> {
    const authorization = request.headers.get('authorization');
    if (service === undefined) {
      const leak = authorization === null ? '' : ', with an authorization header';
      world.defects.push({
        service: 'none',
        message: `${request.method} ${url.origin}${path}: nobody has that host${leak}`,
      });
      return new Response('nobody lives here\n', { status: 404, headers: { 'content-type': 'text/plain' } });
    }
    return service.answer(
      { request, url, host: url.hostname, path, method: request.method, caller: readToken(authorization) },
      world,
    );
  }
}
