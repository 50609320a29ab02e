import { createHash } from 'node:crypto';
import { guid } from '../../trace.ts';

/** Where a template is deployed. */
export interface Deployment {
  subscriptionId: string;
  tenantId: string;
}

/** A template function whose answer depends on where the template is deployed, or on a hash. Throws for any other. */
export function deploymentFunction(name: string, values: unknown[], deployment: Deployment): unknown {
  const { subscriptionId, tenantId } = deployment;
  switch (name) {
    case 'subscription':
      return { id: `/subscriptions/${subscriptionId}`, subscriptionId, tenantId };
    // The hashes of Azure are not published: any text of that form that depends on the arguments does here.
    case 'uniqueString':
      return createHash('sha256')
        .update(values.join('|'))
        .digest('hex')
        .replace(/[^a-z]/g, 'q')
        .slice(0, 13);
    case 'guid':
      return guid(values.join('|'));
    case 'resourceId':
    case 'subscriptionResourceId':
      return resourceId(values.map(String), deployment);
    default:
      throw new Error(`the template function ${name}() is not simulated`);
  }
}

/** resourceId([subscription], [group], type, name…): the type has a slash, and what stands before it is where. */
function resourceId(parts: string[], { subscriptionId }: Deployment): string {
  const at = parts.findIndex((part) => part.includes('/'));
  const [namespace, ...types] = parts[at]?.split('/') ?? [];
  const path = types.map((type, index) => `${type}/${parts[at + 1 + index]}`).join('/');
  const [first, second] = parts.slice(0, at);
  // A resource group is the one resource whose id names no provider.
  if (parts[at] === 'Microsoft.Resources/resourceGroups')
    return `/subscriptions/${first ?? subscriptionId}/resourceGroups/${parts[at + 1]}`;
  const where = second === undefined ? '' : `/resourceGroups/${second}`;
  return `/subscriptions/${first ?? subscriptionId}${where}/providers/${namespace}/${path}`;
}
