/**
 * A container registry's own host: the challenge, the tokens, the catalog and the manifests.
 * Sources: Azure/acr `docs/{AAD-OAuth,Token-BasicAuth}.md`, azure-cli's recordings of `az acr login` (challenge and
 * exchange), azure-cli `acr/{check_health,_docker_utils}.py` (the order of the steps), the distribution specification
 * (paths, errors), Microsoft's troubleshooting pages (firewall body), issues (`metadata_read` for the list of tags,
 * `insufficient_scope`).
 */
import { CLOUDS } from '../clouds.ts';
import { HostNotFound, pause } from '../spoil.ts';
import type { World } from '../world.ts';
import { answerContent, neededAt } from './registry/content.ts';
import { challenge, denied, notFound } from './registry/dockerAnswers.ts';
import { isAllowed } from './registry/firewall.ts';
import { principalOf } from './registry/principal.ts';
import { registryAt, type SimulatedRegistry } from './registry/registryAt.ts';
import { allows, readAccess } from './registry/registryToken.ts';
import { answerExchange, answerToken } from './registry/tokens.ts';
import type { Exchange, Service } from './service.ts';

/** Where the simulator's clients come from, unless `x-forwarded-for` says otherwise. */
const CLIENT_IP = '192.0.2.10';

export const registry: Service = {
  name: 'registry',
  serves: (host) => CLOUDS.some((cloud) => host.endsWith(cloud.registrySuffix)),
  async answer(exchange, world) {
    const found = registryAt(exchange.host, world);
    if (found === undefined || found.addresses.length === 0) throw new HostNotFound(exchange.host);
    await pause(found.latencyMs, exchange.request.signal);
    const address = exchange.request.headers.get('x-forwarded-for') ?? CLIENT_IP;
    const response = isAllowed(address, found.allowedIps)
      ? await route(exchange, found, world)
      : denied(`client with IP '${address}' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.`);
    response.headers.set('server', 'openresty');
    response.headers.set('strict-transport-security', 'max-age=31536000; includeSubDomains');
    response.headers.set('x-ms-correlation-request-id', crypto.randomUUID());
    return response;
  },
};

async function route(exchange: Exchange, found: SimulatedRegistry, world: World): Promise<Response> {
  const { method, path } = exchange;
  if (path === '/oauth2/exchange' && method === 'POST') return answerExchange(exchange, found, world);
  if (path === '/oauth2/token' && (method === 'POST' || method === 'GET')) return answerToken(exchange, found, world);
  if (path !== '/v2' && !path.startsWith('/v2/')) return notFound('404 page not found');
  if (method !== 'GET' && method !== 'HEAD') {
    world.defects.push({ service: 'registry', message: `${method} ${found.host}${path}: an auditor only reads` });
    return denied('requested access to the resource is denied');
  }
  const needed = neededAt(path);
  const authorization = exchange.request.headers.get('authorization');
  if (authorization === null) return challenge(found.host, needed);
  if (/^basic /i.test(authorization)) {
    const principal = principalOf(authorization, found, world);
    const isEnough = principal !== undefined && (needed === undefined || allows(principal.grants, needed));
    return isEnough ? answerContent(exchange, found) : challenge(found.host, needed);
  }
  const access = readAccess(authorization, found.host, world.now());
  if (access === undefined) return challenge(found.host, needed, 'invalid_token');
  if (needed !== undefined && !allows(access, needed)) return challenge(found.host, needed, 'insufficient_scope');
  return answerContent(exchange, found);
}
