import type { Facts } from '../model/estate.ts';

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

/** `service principal ci-push`, `group sg-readers`; the id where no name could be read. */
export function principalName(principalId: string, principalType: string, names: Map<string, string>): string {
  const kind = KINDS[principalType] ?? principalType.toLowerCase();
  return `${kind} ${names.get(principalId.toLowerCase()) ?? principalId}`;
}
