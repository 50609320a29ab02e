import { nameOf, normalized } from '../../resourceId.ts';
import type { Resource } from '../../resourceIndex.ts';
import type { World } from '../../world.ts';
import { type Exchange, errorAnswer, json, queryValue } from '../service.ts';
import { authorizationFailed, resourceNotFound } from './armAnswers.ts';

const TYPE = 'Microsoft.Security/pricings';

/** Every subscription has every plan; one that nobody bought is Free. */
const PLANS = [
  'VirtualMachines',
  'SqlServers',
  'AppServices',
  'StorageAccounts',
  'SqlServerVirtualMachines',
  'KeyVaults',
  'Arm',
  'OpenSourceRelationalDatabases',
  'CosmosDbs',
  'Containers',
  'CloudPosture',
  'Api',
];

/**
 * The Defender plans of a subscription: the list (never paged) with `$filter=name in (A,B)`, and one plan.
 * Source: azure-rest-api-specs `security/…/Microsoft.Security/stable/2024-01-01/pricings.json` and its examples.
 */
export function answerPricings(exchange: Exchange, scope: string, isList: boolean, world: World): Response {
  const action = `${TYPE}/read`;
  if (world.isDenied(action, exchange.path)) return authorizationFailed(exchange, action, exchange.path);
  const plans = plansOf(normalized(scope), world);
  if (!isList) {
    const name = nameOf(exchange.path);
    const found = plans.find((plan) => nameOf(plan.id).toLowerCase() === name.toLowerCase());
    return found === undefined ? resourceNotFound(TYPE, [name], undefined) : json(200, found);
  }
  const filter = queryValue(exchange.url, '$filter');
  if (filter === undefined) return json(200, { value: plans });
  const names = /^name in \(([^)]*)\)$/i.exec(filter)?.[1]?.split(',');
  if (names === undefined) return errorAnswer(400, 'InvalidFilter', `The filter '${filter}' is not supported.`);
  const wanted = names.map((name) => name.trim().toLowerCase());
  return json(200, { value: plans.filter((plan) => wanted.includes(nameOf(plan.id).toLowerCase())) });
}

function plansOf(subscription: string, world: World): Resource[] {
  const stated = world.resources.children(subscription, TYPE);
  const missing = PLANS.filter((name) => !stated.some((plan) => nameOf(plan.id).toLowerCase() === name.toLowerCase()));
  return [
    ...stated,
    ...missing.map((name) => ({
      id: `${subscription}/providers/${TYPE}/${name}`,
      name,
      type: TYPE,
      properties: { pricingTier: 'Free', freeTrialRemainingTime: 'P30D', enforce: 'False' },
    })),
  ];
}
