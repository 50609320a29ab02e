import { keepsItsCredentials } from '../access/principals.ts';
import { reachOfPrincipals } from '../access/reach.ts';
import type { Azure } from '../azure.ts';
import type { Facts, RoleAssignment, ServicePrincipal } from '../model/estate.ts';
import { readApplications } from './applications.ts';
import { readFederated } from './federated.ts';
import { readGroups } from './groups.ts';
import { readMissingPeople } from './missingPeople.ts';
import { readOwners } from './owners.ts';
import { readPrincipals } from './principals.ts';
import type { TenantScope } from './tenantShard.ts';

type DirectoryFacts = Pick<Facts, 'servicePrincipals' | 'applications' | 'groups' | 'people' | 'missingPrincipals'>;

/**
 * Who stands behind the assignments that do something at a registry: principals, the members of groups, and the
 * applications, owners and federated credentials of those that sign in with a credential of their own. Each is read once.
 */
export async function readDirectory(
  azure: Azure,
  facts: Facts,
  assignments: RoleAssignment[],
  { needed, memory }: Pick<TenantScope, 'needed' | 'memory'>,
): Promise<DirectoryFacts> {
  const { gaps } = facts;
  const asked = idsOf(assignments, ['ServicePrincipal', 'Group', 'User']);
  const read = await readPrincipals(azure, asked, gaps);
  const known = read.seen;
  const groupIds = idsOf(assignments, ['Group']);
  const { groups, missing } = await readGroups(azure, groupIds, read.groupNames, assignments, gaps);

  const members = new Set(groups.flatMap((group) => group.members ?? []).filter((id) => !known.has(id)));
  const inGroups = await readPrincipals(azure, [...members], gaps);
  const servicePrincipals = [...read.servicePrincipals, ...inGroups.servicePrincipals];

  const seesPrincipals = !gaps.some(({ source, scope }) => source === 'servicePrincipals' && scope === '/');
  const lost = seesPrincipals ? idsOf(assignments, ['ServicePrincipal']).filter((id) => !known.has(id)) : [];
  const unseen = needed.has('users') ? idsOf(assignments, ['User']).filter((id) => !known.has(id)) : [];
  const missingPrincipals = [...lost, ...missing, ...(await readMissingPeople(azure, unseen, gaps))];

  const holders = withCredentials(servicePrincipals, facts, groups);
  const applications = await readApplications(azure, holders, gaps);
  await readFederated(azure, holders, applications, memory, gaps);
  await readOwners(azure, holders, applications, memory, gaps);
  return { servicePrincipals, applications, groups, people: read.people, missingPrincipals };
}

/** Those that open a registry and whose credentials can be seen from here. */
function withCredentials(principals: ServicePrincipal[], facts: Facts, groups: Facts['groups']): ServicePrincipal[] {
  const reach = reachOfPrincipals({ ...facts, groups });
  return principals.filter((one) => reach.has(one.id.toLowerCase()) && keepsItsCredentials(one, facts.tenantId));
}

/** Their object ids, each once, in lower case. */
function idsOf(assignments: RoleAssignment[], kinds: string[]): string[] {
  const wanted = assignments.filter(({ principalType }) => kinds.includes(principalType));
  return [...new Set(wanted.map(({ principalId }) => principalId.toLowerCase()))];
}
