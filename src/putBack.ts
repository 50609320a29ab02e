import { addedNetworks, type Drift, rulesBehind } from './drift.ts';
import { networkRule } from './model/command.ts';
import { hasApprovedEndpoint, wayIn } from './model/endpoint.ts';
import type { Registry } from './model/estate.ts';
import type { Posture } from './model/posture.ts';
import { coverOf } from './network.ts';

/** The commands that give a registry the posture that is expected of it (Azure CLI reference, az acr). */
export function putBack(registry: Registry, drifts: Drift[], expected: Partial<Posture>): string[] {
  const { id, name, subscriptionId } = registry;
  const on = `--name ${name} --subscription ${subscriptionId}`;
  const fields = new Set(drifts.map(({ field }) => field));
  const who: string[] = [];
  if (fields.has('exposure') && expected.exposure) who.push(EXPOSURE[expected.exposure]);
  if (fields.has('exportPolicy')) who.push(`--allow-exports ${expected.exportPolicy === 'enabled'}`);
  else if (opens(registry, fields, expected)) who.push('--allow-exports true');
  const others: string[] = [];
  if (fields.has('adminUser')) others.push(`--admin-enabled ${expected.adminUser}`);
  if (fields.has('anonymousPull')) others.push(`--anonymous-pull-enabled ${expected.anonymousPull}`);
  if (fields.has('bypass')) others.push(`--allow-trusted-services ${expected.bypass === 'AzureServices'}`);
  if (fields.has('dataEndpoint')) others.push(`--data-endpoint-enabled ${expected.dataEndpoint}`);
  // Rules begin to count with the firewall: before it, so that nobody who is meant is locked out.
  const rulesCount = fields.has('ipRules') || who.includes(EXPOSURE['selected-networks']);
  const wanted = wantedRules(registry, expected);
  const rules = rulesCount ? ruleCommands(registry, wanted) : [];
  const isShut = who.includes(EXPOSURE.private) || (rulesCount && wanted.length === 0);
  const door = isShut && needsPrivateDoor(registry) ? [wayIn(registry)] : [];
  const tier = tierOf(registry, expected);
  const atOnce = door.length + rules.length === 0;
  // An endpoint takes its time: what else is wrong does not wait for it.
  const first = [...(atOnce ? [] : tier), ...(door.length > 0 ? others : [])];
  const last = [...(atOnce ? tier : []), ...who, ...(door.length > 0 ? [] : others)];
  const update = (flags: string[]): string[] => (flags.length > 0 ? [`az acr update ${on} ${flags.join(' ')}`] : []);
  const commands = [...update(first), ...door, ...rules, ...update(last)];
  if (fields.has('armAudienceTokens')) {
    const status = expected.armAudienceTokens ? 'enabled' : 'disabled';
    commands.push(
      `az acr config authentication-as-arm update --registry ${name} --subscription ${subscriptionId} --status ${status}`,
    );
  }
  if (fields.has('tasksBypass')) {
    // The command line has no flag of its own for it.
    commands.push(
      `az resource update --ids ${id} --api-version 2025-11-01 --set properties.networkRuleBypassAllowedForTasks=${expected.tasksBypass}`,
    );
  }
  return commands;
}

const EXPOSURE = {
  private: '--public-network-enabled false',
  'selected-networks': '--public-network-enabled true --default-action Deny',
  public: '--public-network-enabled true --default-action Allow',
};

/** Azure takes no public network access where export is off. */
function opens({ exportEnabled }: Registry, fields: ReadonlySet<string>, { exposure }: Partial<Posture>): boolean {
  return !exportEnabled && fields.has('exposure') && exposure !== undefined && exposure !== 'private';
}

/** Below Premium nothing but the tier itself can close a registry. */
function tierOf({ sku }: Registry, { exposure }: Partial<Posture>): string[] {
  return sku !== 'Premium' && exposure !== undefined && exposure !== 'public' ? ['--sku Premium'] : [];
}

/** The rules that are to be; where nobody says who is meant, only those that let in everybody go. */
function wantedRules({ ipRules }: Registry, expected: Partial<Posture>): string[] {
  const cover = coverOf(ipRules);
  return expected.ipRules ?? ipRules.filter((rule) => !cover.includes(rule));
}

/** Whether clients come through the public door and have no other: before it is shut they need one. */
function needsPrivateDoor(registry: Registry): boolean {
  const { exposure, ipRules } = registry;
  const isInUse = exposure === 'public' || (exposure === 'selected-networks' && ipRules.length > 0);
  return isInUse && !hasApprovedEndpoint(registry);
}

function ruleCommands(registry: Registry, expected: string[]): string[] {
  const live = registry.ipRules;
  const rules = (verb: 'add' | 'remove', ranges: string[]): string[] =>
    ranges.map((range) => networkRule(verb, registry, range));
  const surplus = rulesBehind(addedNetworks(expected, live), registry);
  // A rule that lets in more than it should may be the one that lets in what it should.
  const left = live.filter((rule) => !surplus.includes(rule));
  return [...rules('remove', surplus), ...rules('add', addedNetworks(left, expected))];
}
