import type { Azure } from '../azure.ts';
import type { Group, RoleAssignment } from '../model/estate.ts';
import type { Gap } from '../model/gap.ts';
import { attempt, UnusableAnswerError } from './attempt.ts';
import { graphBatch, isMissing, listed } from './graphBatch.ts';
import type { WireObject } from './send.ts';
import { given } from './wire.ts';

/** An OData cast is an advanced query of Graph (aad-advanced-queries). */
export const ADVANCED = { ConsistencyLevel: 'eventual' };

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
  const failed: { id: string; gap: Gap }[] = [];
  for (const [index, id] of ids.entries()) {
    const [members, inside, people] = answers.slice(3 * index, 3 * index + 3);
    // Of one that the directory has just shown, it contradicts itself.
    if (isMissing(members) && !names.has(id)) {
      read.missing.push(id);
      continue;
    }
    const own: Gap[] = [];
    const memberIds = await attempt(own, 'groups', '/', async () => listed(members).items.map(idOf));
    const groupIds = await attempt(own, 'groups', '/', async () => listed(inside).items.map(idOf));
    const count = await attempt(own, 'groups', '/', async () => countOf(listed(people).body));
    for (const gap of own) failed.push({ id, gap });
    read.groups.push({
      id,
      displayName: names.get(id) ?? id,
      ...given('members', memberIds),
      ...given('groups', groupIds),
      ...given('people', count),
    });
  }
  const someRead = read.groups.some(({ members }) => members !== undefined);
  for (const { id, gap } of failed) {
    const own = gap.permission && !someRead ? gap : placed(gap, id, assignments);
    if (!gaps.some(({ source, scope }) => source === 'groups' && scope === own.scope)) gaps.push(own);
  }
  return read;
}

function idOf({ id }: WireObject): string {
  if (typeof id !== 'string') throw new UnusableAnswerError('a member of a group came without id');
  return id.toLowerCase();
}

function countOf({ '@odata.count': count }: WireObject): number {
  if (typeof count !== 'number') throw new UnusableAnswerError('the people of a group came without their count');
  return count;
}

function membersOf(id: string, kind: 'servicePrincipal' | 'group' | 'user', top: number): string {
  return `/groups/${id}/transitiveMembers/microsoft.graph.${kind}?$select=id&$count=true&$top=${top}`;
}

/**
 * One group that fails hides only what its assignments reach; where others can be read, it is no missing permission. Without the
 * permission every group is unknown.
 */
function placed({ permission, ...gap }: Gap, id: string, assignments: RoleAssignment[]): Gap {
  const own = assignments.filter(({ principalId }) => principalId.toLowerCase() === id);
  const subscriptions = own.flatMap(({ seenIn }) => seenIn.map((one) => `/subscriptions/${one}`));
  const reason = `cannot read the members of group ${id}: it is refused, although other groups can be read`;
  return { ...gap, ...(permission && { reason }), scope: `/groups/${id}`, blinds: [...new Set(subscriptions)] };
}
