import { ownersOf } from './access/owners.ts';
import { mapMayChange } from './access/tokenCredentials.ts';
import { ageNote } from './age.ts';
import { CHECKS, shardsOf } from './checks/index.ts';
import { type Check, type CheckInput, needsAt } from './model/check.ts';
import type { Registry } from './model/estate.ts';
import { type Finding, type Hit, registriesIn } from './model/finding.ts';
import { type Source, withPrerequisites } from './model/source.ts';
import { type ShardName, TENANT_SHARD } from './model/sweep.ts';
import { idOf } from './stableId.ts';

/** The key of a finding; it stays the same for as long as the same thing is wrong (design §2). */
export function findingId(checkId: string, resourceId: string, subject: string): string {
  return idOf(`${checkId}|${resourceId}|${subject}`);
}

/** Whether a check takes part in the sweep of a shard under this policy. */
export function takesPart(check: Check, shard: ShardName, { checks, profile }: CheckInput['policy']): boolean {
  const kind = shard === TENANT_SHARD ? 'tenant' : 'subscription';
  const wanted = checks[check.id];
  if (wanted === 'off' || !shardsOf(check).includes(kind)) return false;
  // A hygiene check that the policy names is wanted whatever the profile.
  return check.category !== 'hygiene' || profile === 'full' || wanted !== undefined;
}

/** The sources that the sweep of a shard needs under this policy, with what they stand on; no others are read. */
export function sourcesOf(shard: ShardName, policy: CheckInput['policy']): ReadonlySet<Source> {
  return withPrerequisites(CHECKS.filter((check) => takesPart(check, shard, policy)).flatMap(({ needs }) => needs));
}

/**
 * Runs every check that takes part in the shard and gives each hit its identity and its place. `isOwn`: whether a hit is to
 * be said here; others are left to whoever judges the same facts.
 */
export function judge(input: CheckInput, shard: ShardName, isOwn: (hit: Hit) => boolean = () => true): Finding[] {
  const findings = new Map<string, Finding>();
  const places = placesOf(input);
  const aged = new Set(Object.keys(input.ages).map((key) => key.slice(0, key.indexOf('|'))));
  for (const check of CHECKS) {
    if (!takesPart(check, shard, input.policy)) continue;
    const ageOf = agesFor(check, input, aged);
    for (const hit of run(check, input)) {
      if (!isOwn(hit)) continue;
      const finding = toFinding(check, hit, places, input, ageOf);
      findings.set(finding.findingId, finding);
    }
  }
  return [...findings.values()];
}

function run(check: Check, input: CheckInput): Hit[] {
  try {
    return check.run(input);
  } catch (cause) {
    throw new Error(`check ${check.id} failed on what was read`, { cause });
  }
}

interface Places {
  registries: Map<string, Registry>;
  subscriptionNames: Map<string, string>;
}

function placesOf({ registries, subscriptions }: CheckInput): Places {
  return {
    registries: new Map(registries.map((registry) => [registry.id.toLowerCase(), registry])),
    subscriptionNames: new Map(subscriptions.map((one) => [one.subscriptionId.toLowerCase(), one.displayName])),
  };
}

function toFinding(check: Check, hit: Hit, places: Places, input: CheckInput, ageOf: AgeOf): Finding {
  const { policy } = input;
  const subject = hit.subject ?? '';
  const named = registryIdsOf(hit);
  const [registry] = named.length === 1 ? registriesAt(named, places) : [];
  const wanted = policy.checks[check.id];
  return {
    findingId: findingId(check.id, hit.resourceId, subject),
    checkId: check.id,
    category: check.category,
    severity: wanted && wanted !== 'off' ? wanted : (hit.severity ?? check.severity),
    title: check.title,
    reason: `${hit.reason}${ageOf(hit, registry)}`,
    fix: hit.fix,
    docs: `docs/checks/${check.id}.md`,
    ...placeOf(hit, registry, places),
    resourceId: hit.resourceId,
    subject,
    ...(hit.expiresOn && { expiresOn: hit.expiresOn }),
    owners: hit.owners ?? ownersOf([], registriesAt(named, places), policy),
    ...whoBehind(check, hit, input),
    evidence: hit.evidence,
  };
}

/** For the end of a reason: when the oldest of what a hit stands on was read. */
type AgeOf = (hit: Hit, registry: Registry | undefined) => string;

/** Where that stands under which a hit was remembered: its registry, or the endpoints of that and the zone behind them. */
function readPlaces({ resourceId, evidence }: Hit, registry: Registry | undefined): string[] {
  const { endpointId, others, zone } = evidence;
  const endpoints = [endpointId, ...(Array.isArray(others) ? others : [])].map((id) => `${id}|${registry?.id}`);
  return [registry?.id ?? '', resourceId, ...endpoints, `${zone}`];
}

/** What makes a credential less needed, where a finding says that it is in place; the finding goes on without. */
const BESIDES: readonly Source[] = ['federatedCredentials'];

/**
 * What is read once a day may be older than the sweep; whoever acts on it should know. `aged`: the sources, in
 * lower case, of which anything is.
 */
function agesFor(check: Check, input: CheckInput, aged: ReadonlySet<string>): AgeOf {
  const isAged = (source: Source): boolean => aged.has(source.toLowerCase());
  if (![...check.needs, ...BESIDES].some(isAged)) return () => '';
  return (hit, registry) => {
    const besides = hit.evidence.federated === true ? BESIDES : [];
    const isTold = (source: Source): boolean =>
      isAged(source) && (source !== 'scopeMaps' || mapMayChange(hit.evidence));
    const sources = [...needsAt(check, registry), ...besides].filter(isTold);
    const keys = readPlaces(hit, registry).flatMap((place) => sources.map((source) => `${source}|${place}`));
    const times = keys.map((key) => input.ages[key.toLowerCase()]);
    const [oldest] = times.filter((time) => time !== undefined).sort();
    return oldest ? ageNote(oldest) : '';
  };
}

/** Who made the change: what the check says of it, else whoever changed last the setting that it is about. */
function whoBehind({ about }: Check, hit: Hit, { remembered }: CheckInput): Pick<Finding, 'changedBy' | 'changedAt'> {
  const change = about && remembered?.get(hit.resourceId.toLowerCase())?.lastChanges[about];
  const { changedBy, changedAt } = hit.changedBy ? hit : (change ?? {});
  return { ...(changedBy && { changedBy }), ...(changedAt && { changedAt }) };
}

/** Where a hit belongs: its registry, or the only registry that its credential opens, or just its subscription. */
function placeOf({ resourceId }: Hit, registry: Registry | undefined, { subscriptionNames }: Places) {
  const subscriptionId = registry?.subscriptionId ?? subscriptionOf(resourceId);
  return {
    subscriptionId,
    subscriptionName: subscriptionNames.get(subscriptionId.toLowerCase()) ?? '',
    resourceGroup: registry?.resourceGroup ?? '',
    registryName: registry?.name ?? '',
    registryId: registry?.id ?? '',
    sku: registry?.sku ?? '',
  };
}

const REGISTRY =
  /^(\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.ContainerRegistry\/registries\/[^/]+)/i;

/** Of what a hit is about: its own registry, else all that its evidence names. */
function registryIdsOf({ resourceId, evidence }: Hit): string[] {
  const [, own] = REGISTRY.exec(resourceId) ?? [];
  return own ? [own] : registriesIn(evidence);
}

function registriesAt(ids: string[], { registries }: Places): Registry[] {
  return ids.flatMap((id) => registries.get(id.toLowerCase()) ?? []);
}

function subscriptionOf(resourceId: string): string {
  return /^\/subscriptions\/([^/]+)/i.exec(resourceId)?.[1] ?? '';
}
