import type { Subscription } from '../model/estate.ts';
import type { Reach, Way } from './reach.ts';
import { scopeName } from './scopes.ts';

/** How a principal comes to its registries, each way once: `AcrPull at resource group rg, through group build-agents`. */
export function throughOf(opens: Reach[], subscriptions: Subscription[]): string[] {
  const words = new Map<string, string>();
  for (const { ways } of opens) {
    for (const way of ways) {
      const key = `${way.assignment.id}|${way.group?.id ?? ''}`;
      if (!words.has(key)) words.set(key, wayName(way, subscriptions));
    }
  }
  return [...new Set(words.values())].sort();
}

/** A role at a scope in words. */
export function wayName({ role, assignment, group }: Omit<Way, 'grants'>, subscriptions: Subscription[]): string {
  const through = group ? `, through group ${group.displayName}` : '';
  const condition = assignment.condition === undefined ? '' : ', under a condition';
  return `${role.roleName} at ${scopeName(assignment.scope, subscriptions)}${through}${condition}`;
}
