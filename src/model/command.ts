import type { Registry, RoleAssignment } from './estate.ts';

type Named = Pick<Registry, 'name' | 'subscriptionId'>;

/** `az acr update` of one registry. */
export function acrUpdate({ name, subscriptionId }: Named, flags: string): string {
  return `az acr update --name ${name} --subscription ${subscriptionId} ${flags}`;
}

/** Any other `az acr` command that takes `--registry`. */
export function acr(command: string, { name, subscriptionId }: Named, flags = ''): string {
  return `az acr ${command} --registry ${name} --subscription ${subscriptionId} ${flags}`.trimEnd();
}

/** `az acr network-rule` for one range: `add` or `remove`. */
export function networkRule(verb: 'add' | 'remove', { name, subscriptionId }: Named, range: string): string {
  return `az acr network-rule ${verb} --name ${name} --subscription ${subscriptionId} --ip-address ${range}`;
}

/** `az acr private-endpoint-connection` for one connection. */
export function endpointConnection(
  verb: 'approve' | 'reject' | 'delete',
  { name, subscriptionId }: Named,
  connection: { name: string },
): string {
  return `az acr private-endpoint-connection ${verb} --registry-name ${name} --subscription ${subscriptionId} --name ${connection.name}`;
}

type Holder = Pick<RoleAssignment, 'principalId' | 'principalType'>;

/** `az role assignment create`. `role`: a name, in quotes if it has blanks, or an id. */
export function giveRole({ principalId, principalType }: Holder, role: string, scope: string): string {
  return `az role assignment create --assignee-object-id ${principalId} --assignee-principal-type ${principalType} --role ${role} --scope ${scope}`;
}

/** The same for an identity of which nothing but its object id, or a word for it, is known. */
export function giveIdentity(id: string, role: string, scope: string): string {
  return `az role assignment create --assignee-object-id ${id} --role ${role} --scope ${scope}`;
}

/** `az role assignment delete`. */
export function removeRoles(assignments: Pick<RoleAssignment, 'id'>[]): string {
  return `az role assignment delete --ids ${assignments.map(({ id }) => id).join(' ')}`;
}
