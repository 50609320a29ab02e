import type { Exchange } from '../service.ts';
import { errorAnswer } from '../service.ts';

/** Error bodies of Azure Resource Manager. The code is what clients decide by; messages are as near as known. */
export function authorizationFailed({ caller }: Exchange, action: string, scope: string): Response {
  const message =
    `The client '${caller?.clientId}' with object id '${caller?.objectId}' does not have authorization to perform action ` +
    `'${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`;
  return errorAnswer(403, 'AuthorizationFailed', message);
}

export function subscriptionNotFound(id: string): Response {
  return errorAnswer(404, 'SubscriptionNotFound', `The subscription '${id}' could not be found.`);
}

export function resourceGroupNotFound(name: string): Response {
  return errorAnswer(404, 'ResourceGroupNotFound', `Resource group '${name}' could not be found.`);
}

export function resourceNotFound(type: string, names: string[], resourceGroup: string | undefined): Response {
  const [namespace, ...types] = type.split('/');
  const what = [namespace, ...types.map((one, index) => `${one}/${names[index] ?? ''}`)].join('/');
  const where = resourceGroup === undefined ? '' : ` under resource group '${resourceGroup}'`;
  const message = `The Resource '${what}'${where} was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`;
  return errorAnswer(404, 'ResourceNotFound', message);
}

export function parentNotFound(type: string, parentId: string): Response {
  const nested = type.split('/').slice(1).join('/');
  const message = `Failed to perform 'read' on resource(s) of type '${nested}', because the parent resource '${parentId}' could not be found.`;
  return errorAnswer(404, 'ParentResourceNotFound', message);
}
