import type { RoleAssignment } from '../model/estate.ts';

/** Kinds that say what a principal is: those of the api-version that we ask (facts §1.2). */
const KINDS = ['ServicePrincipal', 'User', 'Group', 'ForeignGroup', 'Device'];

/** The kind in the letter case we know. ARM's reference has others that tell nothing, such as Unknown and MSI: they stay as they are. */
export function kindNamed(principalType: string): string {
  return KINDS.find((kind) => kind.toLowerCase() === principalType.toLowerCase()) ?? principalType;
}

/** Whether ARM leaves open what a principal is. */
export function isUnclear({ principalType }: Pick<RoleAssignment, 'principalType'>): boolean {
  return !KINDS.includes(principalType);
}

/** Whether a principal is a group, of this tenant or another, or may be one for all that is known. */
export function mayBeGroup(assignment: Pick<RoleAssignment, 'principalType'>): boolean {
  return /group$/i.test(assignment.principalType) || isUnclear(assignment);
}
