import { excludeCidr, mergeCidr, parseCidr } from 'cidr-tools';
import type { Exposure, Registry } from './model/estate.ts';
import type { Evidence } from './model/finding.ts';
import { type ExpectedPosture, POSTURE_FIELDS, type Posture, type PostureField } from './model/posture.ts';
import type { Severity } from './model/severity.ts';
import { coversEverything } from './network.ts';
import { postureOf, sameValue } from './posture.ts';

/** One field that is not as it should be. */
export interface Drift {
  field: PostureField;
  expected: Posture[PostureField];
  live: Posture[PostureField];
  severity: Severity;
}

/**
 * Where a registry differs from what is expected of it, field by field, with the severity of what the difference
 * opens (semantics §6).
 */
export function driftOf(registry: Registry, { values }: ExpectedPosture): Drift[] {
  const live = postureOf(registry);
  const drifts: Drift[] = [];
  for (const field of POSTURE_FIELDS) {
    const expected = values[field];
    if (expected === undefined || sameValue(expected, live[field]) || !isMeasured(field, registry, values)) continue;
    drifts.push({ field, expected, live: live[field], severity: severityOf(field, values, live, registry) });
  }
  return drifts;
}

/** Whether a registry still differs from anything that a drift, by its evidence, once expected of it. */
export function stillDiffers(registry: Registry, evidence: Evidence): boolean {
  const values = Object.entries(evidence).map(([field, difference]) => [field, Object(difference).expected]);
  return driftOf(registry, { values: Object.fromEntries(values), origins: {} }).length > 0;
}

const PREMIUM_ONLY: PostureField[] = ['ipRules', 'bypass', 'tasksBypass', 'exportPolicy', 'dataEndpoint'];

/**
 * Rules are ignored while public access is off, and while the default lets everybody in; the lower tiers have no network
 * settings (semantics §2). Where everybody is expected, no rule lets in anybody more.
 */
function isMeasured(
  field: PostureField,
  { sku, exposure, defaultAction }: Registry,
  expected: Partial<Posture>,
): boolean {
  if (PREMIUM_ONLY.includes(field) && sku !== 'Premium') return false;
  if (field !== 'ipRules') return true;
  return exposure !== 'private' && defaultAction === 'Deny' && expected.exposure !== 'public';
}

function severityOf(
  field: PostureField,
  expected: Partial<Posture>,
  live: Posture,
  { defaultAction }: Registry,
): Severity {
  switch (field) {
    case 'exposure':
      if (!isWider(live.exposure, expected.exposure ?? live.exposure)) return 'low';
      return defaultAction === 'Deny' && coversEverything(live.ipRules) ? 'critical' : 'high';
    case 'ipRules':
      return severityOfRules(expected.ipRules ?? [], live.ipRules);
    case 'anonymousPull':
      return live.anonymousPull ? 'critical' : 'low';
    case 'bypass':
      return live.bypass === 'AzureServices' ? 'medium' : 'low';
    case 'exportPolicy':
      return live.exportPolicy === 'enabled' ? 'medium' : 'low';
    case 'dataEndpoint':
      // Opens nothing either way: the endpoints only name the storage behind the registry.
      return 'low';
    default:
      return live[field] ? 'medium' : 'low';
  }
}

const WIDTH: Exposure[] = ['private', 'selected-networks', 'public'];

function isWider(a: Exposure, b: Exposure): boolean {
  return WIDTH.indexOf(a) > WIDTH.indexOf(b);
}

function severityOfRules(expected: string[], live: string[]): Severity {
  const opened = addedNetworks(expected, live);
  if (opened.length === 0) return 'low';
  if (coversEverything(live.filter((network) => !expected.includes(network)))) return 'critical';
  return severityOfNetworks(opened);
}

/** How bad it is that these are let in. */
export function severityOfNetworks(networks: string[]): Severity {
  return networks.some(isWide) ? 'high' : 'medium';
}

/** More addresses than a /24; for IPv6 twice as many bits. */
function isWide(network: string): boolean {
  const { prefix, version } = parseCidr(network);
  return Number(prefix) < (version === 4 ? 24 : 48);
}

/** The addresses let in that should not be, as networks. */
export function addedNetworks(expected: string[], live: string[]): string[] {
  return excludeCidr(mergeCidr(live), mergeCidr(expected));
}

/** The rules, as they are written, that let in any of these networks. */
export function rulesBehind(networks: string[], { ipRules }: Registry): string[] {
  // Parsed once: the library's own comparison would parse both for each of 200 × 200 pairs.
  const ranges = networks.map((network) => parseCidr(network));
  return ipRules.filter((rule) => {
    const { version, start, end } = parseCidr(rule);
    return ranges.some((range) => range.version === version && range.start <= end && start <= range.end);
  });
}
