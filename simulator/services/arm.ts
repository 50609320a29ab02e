/**
 * Azure Resource Manager, reading only.
 * Sources: npm @azure/arm-containerregistry 12.0.0, @azure/arm-authorization 9.0.0, @azure/arm-resources-subscriptions
 * 3.0.0 (paths, versions); azure-rest-api-specs examples of Microsoft.ContainerRegistry 2025-11-01,
 * Microsoft.Authorization 2022-04-01, Microsoft.Resources 2022-12-01, Microsoft.Management 2020-05-01; Microsoft's pages
 * "Common deployment errors" (codes), "Request limits and throttling", "List role assignments" (what a list includes).
 */
import { CLOUDS } from '../clouds.ts';
import { type ArmPath, parseArmPath } from '../resourceId.ts';
import type { World } from '../world.ts';
import { answerActivityLog } from './arm/activityLog.ts';
import { refuseVersion } from './arm/apiVersions.ts';
import { authorizationFailed, subscriptionNotFound } from './arm/armAnswers.ts';
import { takeRead } from './arm/armQuota.ts';
import { answerAuthorization } from './arm/authorization.ts';
import { answerManagementGroups } from './arm/managementGroups.ts';
import { answerMetrics } from './arm/metrics.ts';
import { answerPricings } from './arm/pricings.ts';
import { answerAllRecords } from './arm/privateDns.ts';
import { answerResources } from './arm/resources.ts';
import { answerSubscriptions, findSubscription } from './arm/subscriptions.ts';
import { type Exchange, errorAnswer, queryValue, type Service } from './service.ts';

export const arm: Service = {
  name: 'arm',
  serves: (host) => CLOUDS.some((cloud) => cloud.arm === host),
  answer(exchange, world) {
    const at = parseArmPath(exchange.path);
    const refused =
      refuseToken(exchange, at, world) ??
      refuseVersion(queryValue(exchange.url, 'api-version'), typeAt(exchange.path, at), at.collection);
    if (refused !== undefined) return refused;
    if (exchange.method !== 'GET') return refuseWrite(exchange, at, world);
    const quota = takeRead(exchange, at.subscriptionId, world);
    if (quota instanceof Response) return quota;
    const response = route(exchange, at, world);
    for (const [name, value] of Object.entries(quota)) response.headers.set(name, value);
    const requestId = crypto.randomUUID();
    response.headers.set('x-ms-request-id', requestId);
    response.headers.set('x-ms-correlation-request-id', requestId);
    const compact = world
      .now()
      .toISOString()
      .replaceAll(/[-:]|\.\d+/g, '');
    response.headers.set('x-ms-routing-request-id', `WESTEUROPE:${compact}:${requestId}`);
    const version = queryValue(exchange.url, 'api-version');
    if (version !== undefined && at.type?.toLowerCase().startsWith('microsoft.containerregistry/') === true) {
      response.headers.set('api-supported-versions', version);
    }
    return response;
  },
};

function route(exchange: Exchange, at: ArmPath, world: World): Response {
  const type = at.type?.toLowerCase();
  if (at.subscriptionId !== undefined && findSubscription(at.subscriptionId, world) === undefined) {
    return subscriptionNotFound(at.subscriptionId);
  }
  if (type === undefined) return answerSubscriptions(exchange, at, world);
  if (type.startsWith('microsoft.authorization/')) return answerAuthorization(exchange, at, world);
  if (type.startsWith('microsoft.management/managementgroups')) return answerManagementGroups(exchange, at, world);
  if (type === 'microsoft.insights/eventtypes/values' && at.subscriptionId !== undefined)
    return answerActivityLog(exchange, at.subscriptionId, world);
  if (type === 'microsoft.insights/metrics') return answerMetrics(exchange, at.scope, world);
  if (type === 'microsoft.security/pricings') return answerPricings(exchange, at.scope, at.collection, world);
  if (type === 'microsoft.network/privatednszones/all') return answerAllRecords(exchange, world);
  return answerResources(exchange, at, world);
}

function typeAt(path: string, at: ArmPath): string {
  if (at.type !== undefined) return at.type;
  if (/^\/tenants/i.test(path)) return 'Microsoft.Resources/tenants';
  return /\/resourcegroups/i.test(path) ? 'Microsoft.Resources/resourceGroups' : 'Microsoft.Resources/subscriptions';
}

/** The 401 for a request to this host without a token that is good for it. */
export function refuseToken({ request, caller, host }: Exchange, at: ArmPath, world: World): Response | undefined {
  const unauthorized = (code: string, message: string): Response =>
    errorAnswer(401, code, message, {
      'www-authenticate': `Bearer authorization_uri="https://login.windows.net/${world.estate.tenantId}", error="invalid_token", error_description="${message}"`,
    });
  if (request.headers.get('authorization') === null) {
    return unauthorized('AuthenticationFailed', "Authentication failed. The 'Authorization' header is missing.");
  }
  if (caller === undefined) return unauthorized('InvalidAuthenticationToken', 'The access token is invalid.');
  const audiences = CLOUDS.find((cloud) => cloud.arm === host)?.armAudiences ?? [];
  if (!audiences.includes(caller.audience)) {
    const allowed = audiences.flatMap((audience) => [`'${audience}/'`, `'${audience}'`]).join(',');
    const message = `The access token has been obtained for wrong audience or resource '${caller.audience}'. It should exactly match with one of the allowed audiences ${allowed}.`;
    return unauthorized('InvalidAuthenticationToken', message);
  }
  if (at.subscriptionId !== undefined && caller.tenantId.toLowerCase() !== world.estate.tenantId.toLowerCase()) {
    const message = `The access token is from the wrong issuer 'https://sts.windows.net/${caller.tenantId}/'. It must match the tenant 'https://sts.windows.net/${world.estate.tenantId}/' associated with this subscription.`;
    return unauthorized('InvalidAuthenticationTokenTenant', message);
  }
  return undefined;
}

/** An auditor reads. Even reading passwords (`listCredentials`) is a POST, and stands in the activity log. */
function refuseWrite(exchange: Exchange, at: ArmPath, world: World): Response {
  const { method, path } = exchange;
  world.defects.push({ service: 'arm', message: `${method} ${path}: an auditor only reads` });
  const verb = { POST: 'action', DELETE: 'delete' }[method] ?? 'write';
  return authorizationFailed(exchange, `${typeAt(path, at)}/${verb}`, path);
}
