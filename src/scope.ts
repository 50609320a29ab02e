import { sameId } from './model/armId.ts';
import type { Facts } from './model/estate.ts';
import { type Finding, registriesIn } from './model/finding.ts';
import { mayHideRegistries, scopeCovers } from './model/gap.ts';
import type { Plan } from './model/sweep.ts';

/**
 * A finding is in scope as long as one of the places that it speaks of is; undefined: none is, as far as anybody knows.
 */
export function isInScope({ resourceId, evidence }: Finding, facts: Facts, plan: Plan): boolean | undefined {
  const { excluded } = facts;
  const registries = registriesIn(evidence);
  const places = registries.length > 0 ? registries : [resourceId];
  if (registries.length === 0 && isAllExcluded(evidence.scope, facts)) return false;
  const wanted = places.map((place) =>
    excluded.some((id) => scopeCovers(id, place)) ? false : isPlanned(place, plan),
  );
  if (wanted.includes(true)) return true;
  return wanted.includes(undefined) ? undefined : false;
}

/** Whether there is nothing below a role's scope but registries that the policy leaves out, as far as all were read. */
function isAllExcluded(scope: unknown, { excluded, registries, gaps }: Facts): boolean {
  if (typeof scope !== 'string') return false;
  const isBelow = (id: string): boolean => scopeCovers(scope, id);
  if (!excluded.some(isBelow) || registries.some(({ id }) => isBelow(id))) return false;
  return !mayHideRegistries(scope, gaps);
}

/** Behind a broken list nobody knows of a subscription that the plan leaves out, unless the policy names them all. */
function isPlanned(place: string, { subscriptions, gaps, policy }: Plan): boolean | undefined {
  const [, subscriptionId] = /^\/subscriptions\/([^/]+)/i.exec(place) ?? [];
  if (!subscriptionId) return true;
  const planned = subscriptions.find((one) => sameId(one.subscriptionId, subscriptionId));
  if (planned) return !planned.retired;
  const isBroken = gaps.some(({ source }) => source === 'subscriptions' || source === 'managementGroups');
  return isBroken && !policy.scope.subscriptions ? undefined : false;
}
