import type { Facts } from '../model/estate.ts';
import { isManaged } from './principals.ts';

/** Object id (lower case) → the name by which people know a principal, as far as it could be read. */
export function principalNames({ servicePrincipals, groups, people }: Facts): Map<string, string> {
  return new Map([
    ...people.map(({ id, name }) => [id.toLowerCase(), name] as const),
    ...groups.map(({ id, displayName }) => [id.toLowerCase(), displayName] as const),
    ...servicePrincipals.map(({ id, displayName }) => [id.toLowerCase(), displayName] as const),
  ]);
}

const KINDS: Record<string, string> = {
  ServicePrincipal: 'service principal',
  User: 'person',
  Group: 'group',
  ForeignGroup: 'group of another tenant',
};

/** Words for a principal: `service principal ci-push`, `group sg-readers`; with its id where no name could be read. */
export function principalWords(facts: Facts): (principalId: string, principalType: string) => string {
  const names = principalNames(facts);
  // To role assignments they are service principals like others.
  const managed = new Set(facts.servicePrincipals.filter(isManaged).map(({ id }) => id.toLowerCase()));
  return (principalId, principalType) => {
    const id = principalId.toLowerCase();
    const kind = managed.has(id) ? 'managed identity' : (KINDS[principalType] ?? principalType.toLowerCase());
    return `${kind} ${names.get(id) ?? principalId}`;
  };
}
