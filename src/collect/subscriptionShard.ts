import pLimit from 'p-limit';
import type { Azure } from '../azure.ts';
import { sameId } from '../model/armId.ts';
import type { Facts, Registry, ScopeMap, Subscription, Token } from '../model/estate.ts';
import type { Gap } from '../model/gap.ts';
import { confirmMissing, readRegistries } from './registries.ts';
import { readScopeMaps, readTokens } from './tokens.ts';

/** ARM's read quota is per subscription and refills by 25 a second: a few requests at once already reach its edge. */
const AT_ONCE = 8;

export interface SubscriptionScope {
  tenantId: string;
  subscription: Subscription;
  /** ids of the registries that the last sweep saw: those that are not listed any more are asked for one by one */
  known: string[];
  /** whether the policy wants the registry judged */
  inScope(registry: Registry): boolean;
}

/** Reads what the subscription shard judges: registries with their tokens and scope maps. */
export async function collectSubscription(azure: Azure, scope: SubscriptionScope): Promise<Facts> {
  const gaps: Gap[] = [];
  const { subscriptionId } = scope.subscription;
  const listed = await readRegistries(azure, subscriptionId, gaps);
  const broken = gaps.some((gap) => gap.source === 'registries');
  // Behind a broken list the rest is unknown anyway; asking for each would cost a request a registry.
  const missing = broken ? [] : scope.known.filter((id) => !listed.some((registry) => sameId(registry.id, id)));
  const { deleted, stillThere } = await confirmMissing(azure, missing, gaps);
  const all = [...listed, ...stillThere];
  const registries = all.filter(scope.inScope);
  const tokens: Token[] = [];
  const scopeMaps: ScopeMap[] = [];
  const limit = pLimit(AT_ONCE);
  await limit.map(registries, async (registry) => {
    const read = await readTokens(azure, registry, gaps);
    if (read.deleted) deleted.push(registry.id);
    tokens.push(...read.tokens);
    // Scope maps matter only through tokens that someone can sign in with.
    const live = read.tokens.some((token) => token.enabled && token.passwords.length + token.certificates.length > 0);
    if (live) scopeMaps.push(...(await readScopeMaps(azure, registry, gaps)));
  });
  return {
    tenantId: scope.tenantId,
    subscriptions: [scope.subscription],
    registries: registries.filter((registry) => !deleted.includes(registry.id)),
    tokens,
    scopeMaps,
    roleAssignments: [],
    roleDefinitions: [],
    servicePrincipals: [],
    applications: [],
    deleted,
    excluded: all.filter((registry) => !scope.inScope(registry)).map(({ id }) => id),
    gaps,
  };
}
