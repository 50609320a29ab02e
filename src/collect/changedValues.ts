import type { RecordedValue, WireField } from '../model/change.ts';
import { networkOf } from '../network.ts';

/** The properties that are watched, as change records and request bodies name them; letter case differs. */
const FIELDS: Record<string, WireField> = {
  'sku.name': 'sku',
  'properties.adminuserenabled': 'adminUser',
  'properties.anonymouspullenabled': 'anonymousPull',
  'properties.publicnetworkaccess': 'publicNetworkAccess',
  'properties.networkruleset.defaultaction': 'defaultAction',
  'properties.networkrulebypassoptions': 'bypass',
  'properties.networkrulebypassallowedfortasks': 'tasksBypass',
  'properties.policies.exportpolicy.status': 'exportPolicy',
  'properties.policies.azureadauthenticationasarmpolicy.status': 'armAudienceTokens',
  'properties.dataendpointenabled': 'dataEndpoint',
  'properties.roleassignmentmode': 'roleAssignmentMode',
};
const IP_RULE = /^properties\.networkruleset\.iprules\[\d+\]\.value$/;

/**
 * What a change record says was set, by property path: `{ previousValue, newValue }`, texts, with the text "null" for
 * what was not there (wire: resourcechanges-properties). Positions of IP rules shift, so only the networks that went
 * and came are kept.
 */
export function recordedValues(changes: Record<string, unknown>): RecordedValue[] {
  const values: RecordedValue[] = [];
  const gone: string[] = [];
  const come: string[] = [];
  for (const [path, change] of Object.entries(changes)) {
    if (typeof change !== 'object' || change === null) continue;
    const before = textIn(change, 'previousValue');
    const after = textIn(change, 'newValue');
    const key = path.toLowerCase();
    const field = FIELDS[key];
    if (field) values.push({ field, before, after });
    if (!IP_RULE.test(key)) continue;
    gone.push(...networksIn(before));
    come.push(...networksIn(after));
  }
  if (gone.length + come.length > 0) values.push({ field: 'ipRules', before: gone.sort(), after: come.sort() });
  return values;
}

/** What the body of a write sets, `{ properties: { … } }`; what was there before it does not say. */
export function valuesOfBody(body: unknown): RecordedValue[] {
  const values: RecordedValue[] = [];
  const rules: string[] = [];
  let ruled = false;
  for (const [path, value] of leaves(body, '')) {
    const field = FIELDS[path];
    if (field) values.push({ field, before: null, after: value });
    if (path.startsWith('properties.networkruleset.iprules')) ruled = true;
    if (IP_RULE.test(path)) rules.push(...networksIn(value));
  }
  if (ruled) values.push({ field: 'ipRules', before: null, after: rules.sort() });
  return values;
}

function leaves(value: unknown, path: string): [string, string][] {
  if (Array.isArray(value)) {
    if (value.length === 0) return [[path, '']];
    return value.flatMap((item, index) => leaves(item, `${path}[${index}]`));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, inner]) => {
      const name = key.toLowerCase();
      return leaves(inner, path === '' ? name : `${path}.${name}`);
    });
  }
  return value === null || value === undefined ? [] : [[path, String(value)]];
}

function networksIn(value: string | null): string[] {
  const network = value === null ? undefined : networkOf(value);
  return network ? [network] : [];
}

function textIn(change: object, key: 'previousValue' | 'newValue'): string | null {
  const value: unknown = Object.entries(change).find(([name]) => name === key)?.[1];
  if (value === null || value === undefined || value === 'null') return null;
  return typeof value === 'string' ? value : String(value);
}
