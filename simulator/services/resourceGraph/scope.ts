import { nameOf } from '../../resourceId.ts';
import type { World } from '../../world.ts';
import { groupsAbove } from '../arm/managementGroups.ts';
import { badRequest } from './queryErrors.ts';
import type { QueryRequest } from './request.ts';

export interface QueryScope {
  /** Ids of the subscriptions that the query sees, in lower case. */
  subscriptions: ReadonlySet<string>;
  /** True when the request named no scope: the whole tenant, management groups included. */
  isTenant: boolean;
  /** Names of the management groups asked for, in lower case. */
  groups: ReadonlySet<string>;
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const READ = 'Microsoft.Resources/subscriptions/read';

/** What the request covers, less what the caller may not see: that is dropped in silence, unless nothing is left. */
export function scopeOf(asked: QueryRequest, world: World): QueryScope | Response {
  const malformed = asked.subscriptions.filter((id) => !GUID.test(id));
  if (malformed.length > 0) {
    const message = `The following subscriptions are not valid GUIDs: '${malformed.join(', ')}'.`;
    return badRequest([{ code: 'SubscriptionsContainInvalidGuids', message }], world);
  }
  const wanted = new Set(asked.subscriptions.map((id) => id.toLowerCase()));
  const groups = new Set(asked.managementGroups.map((name) => name.toLowerCase()));
  const isTenant = wanted.size === 0 && groups.size === 0;
  const isWanted = (id: string): boolean =>
    isTenant ||
    wanted.has(id.toLowerCase()) ||
    groupsAbove(id, world).some((group) => groups.has(nameOf(group).toLowerCase()));
  const seen = world.estate.subscriptions
    .filter((one) => one.state !== 'Deleted' && isWanted(one.subscriptionId))
    .filter((one) => !world.isDenied(READ, `/subscriptions/${one.subscriptionId}`))
    .map((one) => one.subscriptionId.toLowerCase());
  if (seen.length === 0) {
    const given = [...asked.subscriptions, ...asked.managementGroups].join(',');
    const message = `There must be at least one subscription that is eligible to contain resources. Given: '${given}'.`;
    return badRequest([{ code: 'NoValidSubscriptionsInQueryRequest', message }], world);
  }
  return { subscriptions: new Set(seen), isTenant, groups };
}
