import type { Resource } from '../../resourceIndex.ts';
import type { World } from '../../world.ts';
import { type Exchange, errorAnswer, json } from '../service.ts';

/** The data actions behind listing secrets and behind reading one. */
export const LIST = 'Microsoft.KeyVault/vaults/secrets/readMetadata/action';
export const READ = 'Microsoft.KeyVault/vaults/secrets/getSecret/action';

const LOGIN: Record<string, string> = {
  'https://vault.azure.net': 'https://login.microsoftonline.com',
  'https://vault.usgovcloudapi.net': 'https://login.microsoftonline.us',
  'https://vault.azure.cn': 'https://login.chinacloudapi.cn',
};

/** The vault as a resource; names of vaults are unique in a cloud. */
export function vaultNamed(name: string, world: World): Resource | undefined {
  const vaults = world.resources.ofType('Microsoft.KeyVault/vaults');
  return vaults.find((one) => one.id.toLowerCase().endsWith(`/vaults/${name}`));
}

/** The 401 that names tenant and audience: the clients learn both from it. */
export function unauthorized(message: string, audience: string, tenantId: string): Response {
  const authority = `${LOGIN[audience]}/${tenantId}`;
  return errorAnswer(401, 'Unauthorized', message, {
    'www-authenticate': `Bearer authorization="${authority}", resource="${audience}"`,
  });
}

/** The 403 of a vault under role-based access, line by line as the service writes it. */
export function forbidden({ caller, host }: Exchange, action: string, path: string, world: World): Response {
  const name = host.split('.')[0] ?? '';
  const vault = vaultNamed(name, world);
  const resource = `${vault?.id.toLowerCase() ?? `/vaults/${name}`}${path === '/secrets' ? '' : path}`;
  const lines = [
    'Caller is not authorized to perform action on resource.',
    'If role assignments, deny assignments or role definitions were changed recently, please observe propagation time.',
    `Caller: appid=${caller?.clientId};oid=${caller?.objectId};iss=https://sts.windows.net/${caller?.tenantId}/`,
    `Action: '${action}'`,
    `Resource: '${resource}'`,
    'Assignment: (not found)',
    'DenyAssignmentId: null',
    'DecisionReason: null ',
    `Vault: ${name};location=${String(vault?.location ?? 'westeurope')}`,
    '',
  ];
  const error = { code: 'Forbidden', message: lines.join('\r\n'), innererror: { code: 'ForbiddenByRbac' } };
  return json(403, { error });
}

export function badParameter(message: string): Response {
  return errorAnswer(400, 'BadParameter', message);
}

export function secretNotFound(name: string): Response {
  const message = `A secret with (name/id) ${name} was not found in this key vault. If you recently deleted this secret you may be able to recover it using the correct recovery command.`;
  return errorAnswer(404, 'SecretNotFound', message);
}

export function throttled(retryAfter: number): Response {
  const message =
    'Request was not processed because too many requests were received. Reason: VaultRequestTypeLimitReached';
  return errorAnswer(429, 'Throttled', message, { 'retry-after': String(retryAfter) });
}
