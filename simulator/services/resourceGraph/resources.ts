import type { Wire } from '../../estate.ts';
import { parseArmPath } from '../../resourceId.ts';
import type { Resource } from '../../resourceIndex.ts';
import type { World } from '../../world.ts';
import { shown } from '../arm/registry.ts';
import type { QueryScope } from './scope.ts';

/**
 * Child types that Resource Graph keeps ("tables and resource types"). Tokens, scope maps, diagnostic settings, DNS zone
 * groups and DNS records are not among them.
 */
const CHILD_TYPES = new Set([
  'microsoft.containerregistry/registries/agentpools',
  'microsoft.containerregistry/registries/buildtasks',
  'microsoft.containerregistry/registries/replications',
  'microsoft.containerregistry/registries/taskruns',
  'microsoft.containerregistry/registries/tasks',
  'microsoft.containerregistry/registries/webhooks',
  'microsoft.network/privatednszones/virtualnetworklinks',
]);
/** Namespaces with a table of their own, or with none. */
const ELSEWHERE = ['microsoft.authorization/', 'microsoft.security/', 'microsoft.insights/diagnosticsettings'];
/** The service reads with whatever version it likes, preview fields and all. */
const VERSION = '2026-09-01-preview';

interface Kept {
  /** As the service shows it. */
  object: Wire;
  type: string;
  subscriptionId: string;
}

const placed = new WeakMap<Resource, Kept | 'elsewhere'>();

/** The resources that Resource Graph keeps, in the scope, that the caller may read. */
export function resourceRows({ subscriptions }: QueryScope, world: World): Wire[] {
  return world.resources.all().flatMap((resource) => {
    const place = placed.get(resource) ?? placeOf(resource);
    placed.set(resource, place);
    if (place === 'elsewhere' || !subscriptions.has(place.subscriptionId)) return [];
    return world.isDenied(`${place.type}/read`, resource.id) ? [] : [place.object];
  });
}

function placeOf(resource: Resource): Kept | 'elsewhere' {
  const { type, subscriptionId } = parseArmPath(resource.id);
  if (type === undefined || subscriptionId === undefined || !isKept(resource.id)) return 'elsewhere';
  return { object: shown(resource, VERSION), type, subscriptionId: subscriptionId.toLowerCase() };
}

/** Whether Resource Graph keeps the resource, and so its changes too. */
export function isKept(id: string): boolean {
  const type = parseArmPath(id).type?.toLowerCase() ?? '';
  if (ELSEWHERE.some((prefix) => type.startsWith(prefix))) return false;
  // A resource that lies on another one.
  if (id.toLowerCase().split('/providers/').length > 2) return false;
  return type.split('/').length === 2 || CHILD_TYPES.has(type);
}
