import type { Azure } from '../azure.ts';
import type { PostureChange } from '../model/change.ts';
import type { RoleAssignment } from '../model/estate.ts';
import { readPrincipals } from './principals.ts';

type Giver = Pick<PostureChange, 'changedBy' | 'changedByType'>;

/** By object id in lower case. */
export type Givers = ReadonlyMap<string, Giver>;

/**
 * Who gave these roles, as far as the directory shows them: one request, and none where nothing was given. That a role was
 * given stands without a name, so nobody is blind where it cannot be read.
 */
export async function readGivers(azure: Azure, given: RoleAssignment[]): Promise<Givers> {
  const ids = new Set(given.flatMap(({ createdBy }) => (createdBy ? [createdBy.toLowerCase()] : [])));
  const { people, servicePrincipals } = await readPrincipals(azure, [...ids], []);
  const givers = new Map<string, Giver>();
  for (const { id, name } of people) givers.set(id.toLowerCase(), { changedBy: name, changedByType: 'User' });
  for (const { id, displayName } of servicePrincipals)
    givers.set(id.toLowerCase(), { changedBy: displayName, changedByType: 'Application' });
  return givers;
}
