import type { Azure } from '../azure.ts';
import type { Group, RoleAssignment } from '../model/estate.ts';
import type { Gap } from '../model/gap.ts';
import { attempt } from './attempt.ts';
import { type BatchedAnswer, graphBatch, isMissing, listed } from './graphBatch.ts';
import { given } from './wire.ts';

/** An OData cast is an advanced query of Graph (aad-advanced-queries). */
const ADVANCED = { ConsistencyLevel: 'eventual' };

export interface GroupsRead {
  groups: Group[];
  /** ids that the directory does not have any more */
  missing: string[];
}

/**
 * The members of groups, through groups inside them, of the kinds that sign in by themselves, and those groups; people are
 * counted and not listed. Three requests a group, twenty a batch, however many people are in them. `names`: of those that were
 * seen.
 */
export async function readGroups(
  azure: Azure,
  ids: string[],
  names: ReadonlyMap<string, string>,
  assignments: RoleAssignment[],
  gaps: Gap[],
): Promise<GroupsRead> {
  const answers = await graphBatch(
    azure,
    ids.flatMap((id) => [
      { path: membersOf(id, 'servicePrincipal', 999), headers: ADVANCED },
      { path: membersOf(id, 'group', 999), headers: ADVANCED },
      { path: membersOf(id, 'user', 1), headers: ADVANCED, firstPageOnly: true },
    ]),
  );
  const read: GroupsRead = { groups: [], missing: [] };
  for (const [index, id] of ids.entries()) {
    const [members, inside, people] = answers.slice(3 * index, 3 * index + 3);
    // Of one that the directory has just shown, it contradicts itself.
    if (isMissing(members) && !names.has(id)) {
      read.missing.push(id);
      continue;
    }
    const failed: Gap[] = [];
    const memberIds = await attempt(failed, 'groups', '/', async () => idsOf(members));
    const groupIds = await attempt(failed, 'groups', '/', async () => idsOf(inside));
    const count = await attempt(failed, 'groups', '/', async () => countOf(people));
    for (const gap of failed) {
      const own = placed(gap, id, assignments);
      if (!gaps.some(({ source, scope }) => source === 'groups' && scope === own.scope)) gaps.push(own);
    }
    read.groups.push({
      id,
      displayName: names.get(id) ?? id,
      ...given('members', memberIds),
      ...given('groups', groupIds),
      ...given('people', count),
    });
  }
  return read;
}

function idsOf(answer: BatchedAnswer | undefined): string[] {
  const ids = listed(answer).items.map(({ id }) => id);
  return ids.filter((id) => typeof id === 'string').map((id) => id.toLowerCase());
}

function countOf(answer: BatchedAnswer | undefined): number {
  const { body, items } = listed(answer);
  return Number(body['@odata.count'] ?? items.length);
}

function membersOf(id: string, kind: 'servicePrincipal' | 'group' | 'user', top: number): string {
  return `/groups/${id}/transitiveMembers/microsoft.graph.${kind}?$select=id&$count=true&$top=${top}`;
}

/** Without the permission every group is unknown; one group that fails hides only what its assignments reach. */
function placed(gap: Gap, id: string, assignments: RoleAssignment[]): Gap {
  if (gap.permission) return gap;
  const own = assignments.filter(({ principalId }) => principalId.toLowerCase() === id);
  const subscriptions = own.flatMap(({ seenIn }) => seenIn.map((one) => `/subscriptions/${one}`));
  return { ...gap, scope: `/groups/${id}`, blinds: [...new Set(subscriptions)] };
}
