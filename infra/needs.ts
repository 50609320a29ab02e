import type { Environment } from './environment.ts';

/** What whoever deploys must be allowed to do at one scope. */
export type Need = { scope: string; actions: string[] };

const NEST = 'Microsoft.Resources/deployments/write';
/** Assignments are given by a deployment, and taken back by the one that no longer has them. */
const GIVE = ['Microsoft.Authorization/roleAssignments/write', 'Microsoft.Authorization/roleAssignments/delete'];
/** A subscription has a role of its own, which goes with it. */
const DEFINE = ['Microsoft.Authorization/roleDefinitions/write', 'Microsoft.Authorization/roleDefinitions/delete'];

/** What is made at a resource of others: by a deployment in its group, rights at the resource itself. */
function rightsAt(id: string, ...actions: string[]): Need[] {
  return [
    { scope: id.split('/').slice(0, 5).join('/'), actions: [NEST] },
    { scope: id, actions: [...GIVE, ...actions] },
  ];
}

/**
 * Every scope at which an environment makes something outside its own resource group, and its home subscription for what is in
 * it, each once, with the actions that the caller needs there.
 */
export function needsOf(environment: Environment, home: string): Need[] {
  const { denySettings, workspaceId, loginEventsWorkspaceId, subnetId } = environment;
  const deny = denySettings === 'none' ? [] : ['Microsoft.Resources/deploymentStacks/manageDenySetting/action'];
  const ours = ['Microsoft.Resources/deploymentStacks/write', 'Microsoft.Resources/subscriptions/resourceGroups/write'];
  const all: Need[] = [
    { scope: `/subscriptions/${home}`, actions: [...ours, NEST, ...GIVE, ...DEFINE, ...deny] },
    ...environment.auditedSubscriptions.map((id) => ({
      scope: `/subscriptions/${id}`,
      actions: [NEST, ...GIVE, ...DEFINE],
    })),
    ...(workspaceId ? rightsAt(workspaceId, 'Microsoft.OperationalInsights/workspaces/tables/write') : []),
    ...(loginEventsWorkspaceId ? rightsAt(loginEventsWorkspaceId) : []),
    ...environment.policyVaults.flatMap((id) => rightsAt(id)),
    ...environment.probedRegistries.flatMap(({ id }) => rightsAt(id)),
    ...environment.activityAlertGroups.map((scope) => ({
      scope,
      actions: [NEST, 'Microsoft.Insights/activityLogAlerts/write', 'Microsoft.Insights/activityLogAlerts/delete'],
    })),
    ...(subnetId ? [{ scope: subnetId, actions: ['Microsoft.Network/virtualNetworks/subnets/join/action'] }] : []),
  ];
  const needs = new Map<string, Need>();
  for (const { scope, actions } of all) {
    const key = scope.toLowerCase();
    const known = needs.get(key) ?? { scope, actions: [] };
    needs.set(key, { scope: known.scope, actions: [...new Set([...known.actions, ...actions])] });
  }
  return [...needs.values()];
}
