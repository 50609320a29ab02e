import { CLOUDS } from '../../clouds.ts';
import { isPlain } from '../../mergePatch.ts';
import { readToken } from '../../token.ts';
import type { World } from '../../world.ts';
import { type Exchange, json } from '../service.ts';
import { dockerError, unauthorized } from './dockerAnswers.ts';
import { type Principal, principalBy, principalOf, principalOfCaller } from './principal.ts';
import type { SimulatedRegistry } from './registryAt.ts';
import { allows, issueRegistryToken, readRegistryToken } from './registryToken.ts';

/** The audience of the registries' own tokens, in every cloud. */
const AUDIENCE = 'https://containerregistry.azure.net';

/** A directory token for a refresh token. */
export async function answerExchange(
  { request }: Exchange,
  registry: SimulatedRegistry,
  world: World,
): Promise<Response> {
  const form = new URLSearchParams(await request.text());
  const { grant_type, service, tenant, access_token } = Object.fromEntries(form);
  if (grant_type !== 'access_token') return unsupported(`grant_type '${grant_type ?? ''}' is not supported`);
  if (service !== registry.host) return unsupported(`service must be '${registry.host}'`);
  const caller = readToken(`Bearer ${access_token ?? ''}`);
  const isHome = [undefined, '', world.estate.tenantId.toLowerCase()].includes(tenant?.toLowerCase());
  if (caller === undefined || !isHome || !accepts(caller.audience, registry)) return unauthorized();
  const { name, grants } = principalOfCaller(caller, registry, world);
  const token = { kind: 'refresh_token' as const, aud: registry.host, sub: name, grants };
  return json(200, { refresh_token: issueRegistryToken(token, world.now()) });
}

/** Tokens made for ARM are good here too, unless the registry's policy says no. */
function accepts(audience: string, { properties }: SimulatedRegistry): boolean {
  if (audience === AUDIENCE) return true;
  const { policies } = properties;
  const policy = isPlain(policies) ? policies.azureADAuthenticationAsArmPolicy : undefined;
  const isOpen = !isPlain(policy) || policy.status !== 'disabled';
  return isOpen && CLOUDS.some((cloud) => cloud.armAudiences.includes(audience));
}

/** An access token for the scopes asked: by refresh token, by name and password, or for nobody in particular. */
export async function answerToken(exchange: Exchange, registry: SimulatedRegistry, world: World): Promise<Response> {
  const { method, request, url } = exchange;
  const query = method === 'GET' ? url.searchParams : new URLSearchParams(await request.text());
  if (query.get('service') !== registry.host) return unsupported(`service must be '${registry.host}'`);
  const scopes = query.getAll('scope').flatMap((scope) => scope.split(' '));
  const principal =
    method === 'GET' ? byHeader(request.headers.get('authorization'), registry, world) : byForm(query, registry, world);
  if (principal === undefined) return unauthorized();
  const granted = scopes.flatMap((scope) => grantedOf(scope, principal));
  if (scopes.length > 0 && granted.length === 0) return unauthorized();
  const token = { kind: 'access_token' as const, aud: registry.host, sub: principal.name, grants: granted };
  return json(200, { access_token: issueRegistryToken(token, world.now()) });
}

function byHeader(authorization: string | null, registry: SimulatedRegistry, world: World): Principal | undefined {
  if (authorization !== null) return principalOf(authorization, registry, world);
  // Anonymous pull opens every repository; nothing else is for nobody.
  const isOpen = registry.properties.anonymousPullEnabled === true;
  return isOpen ? { name: 'anonymous', grants: ['repository:*:pull'] } : undefined;
}

function byForm(form: URLSearchParams, registry: SimulatedRegistry, world: World): Principal | undefined {
  if (form.get('grant_type') === 'refresh_token') {
    const token = readRegistryToken(form.get('refresh_token') ?? '', 'refresh_token', registry.host, world.now());
    return token === undefined ? undefined : { name: token.sub, grants: token.grants };
  }
  if (form.get('grant_type') !== 'password') return undefined;
  return principalBy(form.get('username') ?? '', form.get('password') ?? '', registry, world);
}

/** Of `repository:app:pull,push` what the principal has, one action each. */
function grantedOf(scope: string, { grants }: Principal): string[] {
  const [type = '', ...rest] = scope.split(':');
  const name = rest.slice(0, -1).join(':');
  return (rest.at(-1) ?? '')
    .split(',')
    .filter((action) => allows(grants, { type, name, action }))
    .map((action) => `${type}:${name}:${action}`);
}

function unsupported(message: string): Response {
  return dockerError(400, 'UNSUPPORTED', message);
}
