/**
 * Key Vault's data plane: the list of secrets, without their values.
 * Sources: npm @azure/keyvault-secrets 4.12.0 `dist/esm/api/operations.js` (paths, `api%2Dversion`, maxresults), npm
 * @azure/keyvault-common 2.1.1 `keyVaultAuthenticationPolicy` (the challenge and the hosts it must name),
 * azure-rest-api-specs `keyvault/data-plane` (25 items a page at most), azure-cli's recordings of secrets (challenge,
 * items, `:443` in nextLink), Microsoft's pages "Authentication, requests and responses" (AKV10022, AKV10032) and
 * "Azure Key Vault throttling guidance" (4,000 transactions in 10 seconds), errors as quoted in issues.
 */
import { CLOUDS } from '../clouds.ts';
import type { Wire } from '../estate.ts';
import { isPlain } from '../mergePatch.ts';
import { HostNotFound } from '../spoil.ts';
import type { World } from '../world.ts';
import { ownSecret, SIMULATED_VAULT } from './keyVault/ownVault.ts';
import {
  badParameter,
  forbidden,
  LIST,
  READ,
  secretNotFound,
  throttled,
  unauthorized,
  vaultNamed,
} from './keyVault/vaultAnswers.ts';
import { type Exchange, json, queryValue, type Service } from './service.ts';

const MOST_ON_A_PAGE = 25;
const TRANSACTIONS = { size: 4000, perSecond: 400 };
const VERSIONS = ['7.0', '7.1', '7.2', '7.3', '7.4', '7.5', '7.6', '2025-07-01', '2026-04-01'];

export const keyVault: Service = {
  name: 'keyVault',
  serves: (host) => CLOUDS.some((cloud) => host.endsWith(cloud.vaultSuffix)),
  answer(exchange, world) {
    const secrets = secretsOf(exchange.host, world);
    // A vault that nobody made has no name in DNS.
    if (secrets === undefined) throw new HostNotFound(exchange.host);
    const response = refuse(exchange, world) ?? route(exchange, secrets, world);
    response.headers.set('x-ms-keyvault-region', 'westeurope');
    response.headers.set('x-ms-keyvault-service-version', '2.0.0.1');
    response.headers.set('x-ms-request-id', crypto.randomUUID());
    return response;
  },
};

/** The vault's secrets; none of a vault that is there as a resource only; `undefined` when there is no such vault. */
function secretsOf(host: string, world: World): Wire[] | undefined {
  const stated = Object.entries(world.estate.vaults).find(([address]) => hostOf(address) === host);
  if (stated !== undefined) return stated[1];
  if (host === hostOf(SIMULATED_VAULT.url)) return [];
  const [name] = host.split('.');
  return vaultNamed(name ?? '', world) === undefined ? undefined : [];
}

/** A vault stays in the tenant that its `properties.tenantId` names, wherever its subscription goes. */
function tenantOf(host: string, world: World): string {
  const properties = vaultNamed(host.split('.')[0] ?? '', world)?.properties;
  return isPlain(properties) && typeof properties.tenantId === 'string' ? properties.tenantId : world.estate.tenantId;
}

function hostOf(address: string): string {
  return new URL(address).hostname;
}

function refuse(exchange: Exchange, world: World): Response | undefined {
  const { caller, host, request, url } = exchange;
  const audience = `https://${CLOUDS.find((cloud) => host.endsWith(cloud.vaultSuffix))?.vaultSuffix.slice(1)}`;
  const tenantId = tenantOf(host, world);
  const challenge = (message: string): Response => unauthorized(message, audience, tenantId);
  if (request.headers.get('authorization') === null)
    return challenge('AKV10000: Request is missing a Bearer or PoP token.');
  if (caller === undefined) return challenge('AKV10001: Cannot read the token.');
  if (caller.audience !== audience)
    return challenge(`AKV10022: Invalid audience. Expected ${audience}, found: ${caller.audience}.`);
  const issuer = (tenantId: string): string => `https://sts.windows.net/${tenantId}/`;
  if (caller.tenantId.toLowerCase() !== tenantId.toLowerCase()) {
    const message = `AKV10032: Invalid issuer. Expected one of ${issuer(tenantId)}, found ${issuer(caller.tenantId)}.`;
    return challenge(message);
  }
  const version = queryValue(url, 'api-version');
  if (version === undefined || version === '') return badParameter('api-version must be specified');
  if (!VERSIONS.includes(version)) return badParameter(`The specified version (${version}) is not recognized.`);
  const taken = world.quotas.take(`vault ${host}`, TRANSACTIONS);
  return taken.allowed ? undefined : throttled(taken.retryAfter);
}

function route(exchange: Exchange, secrets: Wire[], world: World): Response {
  const { host, method, path } = exchange;
  const isDenied = world.isDenied('vault:list', `https://${host}`);
  if (method === 'GET' && path === '/secrets') {
    return isDenied ? forbidden(exchange, LIST, '/secrets', world) : list(exchange, secrets);
  }
  const name = /^\/secrets\/([^/]+)/.exec(path)?.[1];
  if (method === 'GET' && name !== undefined) {
    const own = host === hostOf(SIMULATED_VAULT.url) ? ownSecret(name) : undefined;
    if (own !== undefined) return json(200, own);
    if (host === hostOf(SIMULATED_VAULT.url)) return secretNotFound(name);
  }
  // No other vault gives a value: reading one is what an auditor must never do.
  world.defects.push({ service: 'keyVault', message: `${method} ${host}${path}: an auditor reads metadata only` });
  return forbidden(exchange, READ, path, world);
}

function list({ url }: Exchange, secrets: Wire[]): Response {
  const asked = queryValue(url, 'maxresults');
  const size = asked === undefined ? MOST_ON_A_PAGE : Number(asked);
  if (!Number.isInteger(size) || size < 1 || size > MOST_ON_A_PAGE)
    return badParameter(`Parameter maxresults must be between 1 and ${MOST_ON_A_PAGE}.`);
  const token = queryValue(url, '$skiptoken');
  const from = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString());
  if (!Number.isSafeInteger(from)) return badParameter('The $skiptoken parameter is not valid.');
  const value = secrets.slice(from, from + size).map(metadata);
  if (from + size >= secrets.length) return json(200, { value, nextLink: null });
  const next = Buffer.from(String(from + size)).toString('base64url');
  const version = queryValue(url, 'api-version');
  // The port is written out, as the service does: equal to the vault's origin only once it is read as a URL.
  const link = `https://${url.hostname}:443/secrets?api-version=${version}&$skiptoken=${next}&maxresults=${size}`;
  return json(200, { value, nextLink: link });
}

/** What a list shows of a secret. What was not set is absent. */
function metadata(secret: Wire): Wire {
  const shown = ['id', 'contentType', 'attributes', 'tags', 'managed'];
  return Object.fromEntries(Object.entries(secret).filter(([key]) => shown.includes(key)));
}
