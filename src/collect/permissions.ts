import type { Azure } from '../azure.ts';
import { armPages } from './arm.ts';
import { UnusableAnswerError } from './attempt.ts';

/** What an identity may do, as ARM adds it up over all its roles. */
export interface EffectivePermission {
  actions: string[];
  notActions: string[];
}

/** The caller's own permissions on a whole subscription (facts §11: there is no SDK method for this scope). */
export async function effectivePermissions(azure: Azure, subscriptionId: string): Promise<EffectivePermission[]> {
  const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/permissions?api-version=2022-04-01`;
  const permissions: EffectivePermission[] = [];
  for await (const { actions, notActions } of armPages(azure, path)) {
    permissions.push({ actions: texts(actions, subscriptionId), notActions: texts(notActions, subscriptionId) });
  }
  return permissions;
}

/** Whether they allow an action. Actions taken away count within their own role only; roles add up. */
export function allowsAction(permissions: EffectivePermission[], action: string): boolean {
  return permissions.some(
    ({ actions, notActions }) =>
      actions.some((pattern) => covers(pattern, action)) && !notActions.some((pattern) => covers(pattern, action)),
  );
}

function covers(pattern: string, action: string): boolean {
  const source = pattern.replace(/[\\^$.|?+()[\]{}]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${source}$`, 'i').test(action);
}

function texts(value: unknown, subscriptionId: string): string[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
  throw new UnusableAnswerError(`the permissions on subscription ${subscriptionId} came without a list of actions`);
}
