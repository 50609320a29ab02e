import { type ArmPath, covers, normalized, parentOf, parseArmPath } from '../../resourceId.ts';
import type { Resource } from '../../resourceIndex.ts';
import type { World } from '../../world.ts';
import { type Exchange, errorAnswer, json, queryValue } from '../service.ts';
import {
  authorizationFailed,
  parentNotFound,
  resourceGroupNotFound,
  resourceNotFound,
  subscriptionNotFound,
} from './armAnswers.ts';
import { page } from './page.ts';
import { registryChildren, registryUsages, shown } from './registry.ts';
import { findResourceGroup, findSubscription } from './subscriptions.ts';

/** Types that lie on other resources: their list holds what lies on the scope itself, not what is anywhere below it. */
const EXTENSIONS = ['microsoft.insights/', 'microsoft.authorization/', 'microsoft.security/'];

/** A list of a type, or one resource by id. */
export function answerResources(exchange: Exchange, at: ArmPath, world: World): Response {
  return at.collection ? list(exchange, at, world) : get(exchange, at, world);
}

function get(exchange: Exchange, at: ArmPath, world: World): Response {
  const type = String(at.type);
  const action = `${type}/read`;
  if (world.isDenied(action, exchange.path)) return authorizationFailed(exchange, action, exchange.path);
  const found =
    world.resources.get(exchange.path) ??
    registryChildren(parentOf(exchange.path), type, world).find(
      (one) => one.id.toLowerCase() === exchange.path.toLowerCase(),
    );
  if (found !== undefined) return json(200, shown(found, queryValue(exchange.url, 'api-version')));
  const parent = parentOf(exchange.path);
  return missingScope(parent, world) ?? resourceNotFound(type, at.names, at.resourceGroup);
}

function list(exchange: Exchange, at: ArmPath, world: World): Response {
  const { path, url } = exchange;
  const type = String(at.type);
  const parent = normalized(path.slice(0, path.lastIndexOf('/')));
  // `…/registries` is listed in a subscription or a group; `…/registries/r/tokens` below its registry.
  const scope = at.names.length === 0 ? normalized(at.scope) : parent;
  const action = `${type}/read`;
  if (world.isDenied(action, scope)) return authorizationFailed(exchange, action, scope);
  const filter = queryValue(url, '$filter');
  if (filter !== undefined)
    return errorAnswer(400, 'InvalidFilter', `The simulator does not know the filter '${filter}' on ${type}.`);
  const version = queryValue(url, 'api-version');
  if (type.toLowerCase() === 'microsoft.containerregistry/registries/listusages') {
    const usages = registryUsages(parent, world);
    return usages === undefined ? missingResource(parent, world) : json(200, { value: usages });
  }
  const found = at.names.length > 0 || isExtension(type) ? below(scope, type, world) : within(scope, type, world);
  if (found.length === 0) {
    const missing = missingScope(scope, world, at.names.length > 0 ? type : undefined);
    if (missing !== undefined) return missing;
  }
  // What the caller may not read itself is left out of a wider list, in silence.
  const readable = found.filter((one) => !world.isDenied(action, one.id));
  return page(readable, url, world, (one) => shown(one, version));
}

function isExtension(type: string): boolean {
  return EXTENSIONS.some((prefix) => type.toLowerCase().startsWith(prefix));
}

function below(scope: string, type: string, world: World): readonly Resource[] {
  return type.toLowerCase().startsWith('microsoft.containerregistry/registries/')
    ? registryChildren(scope, type, world)
    : world.resources.children(scope, type);
}

function within(scope: string, type: string, world: World): readonly Resource[] {
  const { subscriptionId, resourceGroup } = parseArmPath(scope);
  if (subscriptionId === undefined) return world.resources.ofType(type);
  const found = world.resources.inSubscription(subscriptionId, type);
  return resourceGroup === undefined ? found : found.filter((one) => covers(scope, one.id));
}

/** The 404 for a scope that is not there; `type` when it was asked for as the parent of a nested list. */
export function missingScope(scope: string, world: World, type?: string): Response | undefined {
  const at = parseArmPath(scope);
  if (at.subscriptionId === undefined) return undefined;
  if (findSubscription(at.subscriptionId, world) === undefined) return subscriptionNotFound(at.subscriptionId);
  if (world.resources.get(scope) !== undefined) return undefined;
  if (
    at.resourceGroup !== undefined &&
    findResourceGroup(`/subscriptions/${at.subscriptionId}/resourceGroups/${at.resourceGroup}`, world) === undefined
  ) {
    return resourceGroupNotFound(at.resourceGroup);
  }
  if (at.type === undefined) return undefined;
  return type === undefined ? resourceNotFound(at.type, at.names, at.resourceGroup) : parentNotFound(type, scope);
}

function missingResource(id: string, world: World): Response {
  const at = parseArmPath(id);
  return missingScope(id, world) ?? resourceNotFound(String(at.type), at.names, at.resourceGroup);
}
