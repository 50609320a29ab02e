import pLimit from 'p-limit';
import type { Azure } from '../azure.ts';
import { attempt } from '../collect/attempt.ts';
import { graphGet } from '../collect/graph.ts';
import { readSubscriptionsBelow } from '../collect/managementGroups.ts';
import { allowsAction, effectivePermissions } from '../collect/permissions.ts';
import { firstSecrets } from '../collect/vaults.ts';
import { giveIdentity } from '../model/command.ts';
import type { Gap } from '../model/gap.ts';
import { isSource, SOURCES, type Source } from '../model/source.ts';
import type { PlannedSubscription } from '../model/sweep.ts';
import { type Examined, named } from './examined.ts';
import type { Needed } from './needed.ts';

const AT_ONCE = 8;

/** The cheapest real read that each Graph permission allows and nothing less does. */
export const GRAPH_READS: Record<string, string> = {
  'graph:Application.Read.All': '/v1.0/applications?$select=id&$top=1',
  'graph:GroupMember.Read.All': '/v1.0/groups?$select=id&$top=1',
  'graph:User.ReadBasic.All': '/v1.0/users?$select=id&$top=1',
};

/** What the caller may do in each subscription, as Azure itself adds it up; one request a subscription. */
export async function examineSubscriptions(
  azure: Azure,
  subscriptions: PlannedSubscription[],
  needed: Needed[],
  principalId: string | undefined,
): Promise<Examined[]> {
  const actions = needed.filter(({ permission }) => isAction(permission));
  const each = await pLimit(AT_ONCE).map(subscriptions, async ({ subscriptionId, displayName }) => {
    const scope = `/subscriptions/${subscriptionId}`;
    const base = { area: 'azure', scope, what: `subscription ${displayName}` } as const;
    const fix = readerAt(scope, principalId);
    const gaps: Gap[] = [];
    const effective = await attempt(gaps, 'subscriptions', scope, () => effectivePermissions(azure, subscriptionId));
    if (!effective) return gaps.map((gap): Examined => ({ ...base, ...failed(gap), ...(gap.permission && { fix }) }));
    return actions.map((one): Examined => {
      if (allowsAction(effective, one.permission)) return { ...base, ...one, verdict: 'ok', detail: 'granted' };
      const detail = 'not granted at the whole subscription, so not where a registry may appear';
      return { ...base, ...one, verdict: 'wrong', detail, fix };
    });
  });
  return each.flat();
}

/** Whether the subscriptions below each management group of the policy can be listed. */
export async function examineManagementGroups(
  azure: Azure,
  groups: string[],
  principalId: string | undefined,
): Promise<Examined[]> {
  const { permission } = SOURCES.managementGroups;
  return pLimit(AT_ONCE).map(groups, async (group): Promise<Examined> => {
    const scope = `/providers/Microsoft.Management/managementGroups/${group}`;
    const base = { area: 'azure', scope, what: `management group ${group}`, permission } as const;
    const gaps: Gap[] = [];
    const below = await readSubscriptionsBelow(azure, [group], gaps);
    const [gap] = gaps;
    if (!gap) return { ...base, verdict: 'ok', detail: `subscriptions below it: ${below.length}` };
    return { ...base, ...failed(gap), ...(gap.permission && { fix: readerAt(scope, principalId) }) };
  });
}

/** What the caller may read of the directory, by reading one object of each kind. */
export async function examineGraph(
  azure: Azure,
  needed: Needed[],
  principalId: string | undefined,
): Promise<Examined[]> {
  const examined: Examined[] = [];
  for (const one of needed) {
    const name = /^graph:(.+)$/.exec(one.permission)?.[1];
    if (name === undefined) continue;
    const base = { area: 'graph', scope: azure.cloud.graph, what: `Microsoft Graph, ${name}`, ...one } as const;
    const path = GRAPH_READS[one.permission];
    if (!path) {
      examined.push({ ...base, verdict: 'not-tested', detail: 'no single read proves it' });
      continue;
    }
    const { gap } = await tried(sourceBehind(one.permission), '/', () => graphGet(azure, path));
    const fix = `./infra/grant-graph.sh ${named(principalId)} # grants ${name}`;
    const detail = `403, ${name} is not granted`;
    if (!gap) examined.push({ ...base, verdict: 'ok', detail: 'granted' });
    else if (gap.permission) examined.push({ ...base, verdict: 'wrong', detail, fix });
    else examined.push({ ...base, ...failed(gap) });
  }
  return examined;
}

/** Whether the secrets of each vault that the policy names can be listed; no value is read. */
export async function examineVaults(
  azure: Azure,
  urls: string[],
  needed: Needed[],
  principalId: string | undefined,
): Promise<Examined[]> {
  const one = needed.find(({ permission }) => permission === 'vault:list');
  if (!one) return [];
  return pLimit(AT_ONCE).map(urls, async (url): Promise<Examined> => {
    const [name] = new URL(url).hostname.split('.');
    const base = { area: 'vault', scope: url, what: `Key Vault ${name}`, ...one } as const;
    const { gap } = await tried('vaultSecrets', url, () => firstSecrets(azure, url));
    if (!gap) return { ...base, verdict: 'ok', detail: 'its secrets can be listed' };
    if (gap.code === 'VaultFirewallError') {
      const fix = `az keyvault network-rule add --name ${name} --ip-address <address of this network>`;
      return { ...base, verdict: 'wrong', detail: gap.reason, fix };
    }
    const id = `$(az keyvault show --name ${name} --query id --output tsv)`;
    const fix = giveIdentity(named(principalId), '"Key Vault Reader"', `"${id}"`);
    return { ...base, ...failed(gap), ...(gap.permission && { fix }) };
  });
}

/** Plain actions are those of Azure Resource Manager in a subscription; others begin with `graph:`, `vault:`, …. */
function isAction(permission: string): boolean {
  return !permission.includes(':') && !permission.startsWith('Microsoft.Management/');
}

/** The role that allows every read of Azure Resource Manager. */
export function readerAt(scope: string, principalId: string | undefined): string {
  return giveIdentity(named(principalId), 'Reader', scope);
}

/** The first source of a permission: for the words of a message. */
function sourceBehind(permission: string): Source {
  const found = Object.keys(SOURCES)
    .filter(isSource)
    .find((source) => SOURCES[source].permission === permission);
  if (!found) throw new Error(`no source needs ${permission}`);
  return found;
}

async function tried(source: Source, scope: string, read: () => Promise<unknown>): Promise<{ gap?: Gap }> {
  const gaps: Gap[] = [];
  await attempt(gaps, source, scope, read);
  const [gap] = gaps;
  return gap ? { gap } : {};
}

/** A refusal is known to be wrong; anything else only leaves open what is so. */
function failed({ reason, permission }: Gap): Pick<Examined, 'verdict' | 'detail'> {
  return { verdict: permission ? 'wrong' : 'unknown', detail: reason };
}
