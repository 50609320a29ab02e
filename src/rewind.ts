import { mergeCidr } from 'cidr-tools';
import type { PostureChange, RecordedChange, RecordedValue, SettingsField } from './model/change.ts';
import type { Exposure, Registry } from './model/estate.ts';
import { SETTINGS_FIELDS, sameValue, settingsOf } from './posture.ts';
import { idOf } from './stableId.ts';

/** One field that one record changed. */
export interface FieldChange {
  field: SettingsField;
  creation: boolean;
  row: PostureChange;
}

/** The three settings that together make the exposure. */
interface Network {
  publicNetworkAccess: string;
  defaultAction: string;
  ipRules: string[];
}

/**
 * What each record changed, oldest first, from the making of the registry on. A record says only what was set, so the settings are taken back step by step
 * from what they are now, newest first; so a rule that opened everything is seen to have changed the exposure too.
 */
export function rewind(registry: Registry, records: RecordedChange[]): FieldChange[] {
  const { publicNetworkAccess, defaultAction, ipRules } = registry;
  let network: Network = { publicNetworkAccess, defaultAction, ipRules };
  const all: FieldChange[] = [];
  const live = settingsOf(registry);
  for (const record of records.toReversed()) {
    // A record of the making names no values (wire: resourcechanges); whatever was not changed since was so from then on.
    if (record.creation) {
      all.push(...SETTINGS_FIELDS.map((field) => change(registry, record, field, null, live[field])));
      break;
    }
    const values = record.values ?? [];
    const before = values.reduce(withoutValue, network);
    const own = [
      ...values.flatMap((value) => scalarChange(registry, record, value)),
      ...networkChanges(registry, record, before, network),
    ];
    network = before;
    all.push(...own.toReversed());
  }
  return all.reverse();
}

function withoutValue(network: Network, { field, before, after }: RecordedValue): Network {
  if (field === 'publicNetworkAccess') return { ...network, publicNetworkAccess: String(before ?? 'Enabled') };
  if (field === 'defaultAction') return { ...network, defaultAction: String(before ?? 'Allow') };
  if (field !== 'ipRules' || !Array.isArray(before) || !Array.isArray(after)) return network;
  // Positions shift when a rule is taken out, so one may both go and come.
  const come = after.filter((rule) => !before.includes(rule));
  return { ...network, ipRules: [...new Set([...network.ipRules.filter((rule) => !come.includes(rule)), ...before])] };
}

function networkChanges(registry: Registry, record: RecordedChange, before: Network, after: Network): FieldChange[] {
  const touched = (record.values ?? []).map(({ field }) => field);
  const changes: FieldChange[] = [];
  const add = (field: 'exposure' | 'ipRules', was: unknown, is: unknown): void => {
    if (!sameValue(was, is)) changes.push(change(registry, record, field, was, is));
  };
  if (touched.includes('ipRules')) add('ipRules', mergeCidr(before.ipRules), mergeCidr(after.ipRules));
  if (touched.some((field) => field === 'publicNetworkAccess' || field === 'defaultAction' || field === 'ipRules')) {
    add('exposure', exposureOf(before), exposureOf(after));
  }
  return changes;
}

function scalarChange(registry: Registry, record: RecordedChange, value: RecordedValue): FieldChange[] {
  const { field } = value;
  if (field === 'publicNetworkAccess' || field === 'defaultAction' || field === 'ipRules') return [];
  const before = settingFrom(field, value.before);
  const after = settingFrom(field, value.after);
  return sameValue(before, after) ? [] : [change(registry, record, field, before, after)];
}

/** A text of a record as the setting that it stands for; what was not there is ARM's default (semantics §2). */
export function settingFrom(field: Exclude<SettingsField, 'exposure' | 'ipRules'>, text: RecordedValue['before']) {
  const word = String(text ?? '').toLowerCase();
  switch (field) {
    case 'bypass':
      return word === 'none' ? 'None' : 'AzureServices';
    case 'exportPolicy':
      return word === 'disabled' ? 'disabled' : 'enabled';
    case 'armAudienceTokens':
      return word !== 'disabled';
    case 'roleAssignmentMode':
      return word === 'abacrepositorypermissions' ? 'AbacRepositoryPermissions' : 'LegacyRegistryPermissions';
    case 'sku':
      return String(text ?? '');
    default:
      return word === 'true';
  }
}

function change(
  registry: Registry,
  record: RecordedChange,
  field: SettingsField,
  before: unknown,
  after: unknown,
): FieldChange {
  const { changedBy, changedByType, client, operation, correlationId, changedAt, source, creation } = record;
  const actor = { changedBy, changedByType, client, operation, correlationId, changedAt, source };
  const changeId = changeIdOf(registry.id, field, `${correlationId} ${changedAt}`);
  return {
    field,
    creation,
    row: { changeId, registryId: registry.id, property: field, before, after, ...actor },
  };
}

function exposureOf({ publicNetworkAccess, defaultAction, ipRules }: Network): Exposure {
  if (publicNetworkAccess.toLowerCase() === 'disabled') return 'private';
  if (defaultAction.toLowerCase() === 'allow') return 'public';
  const all = mergeCidr(ipRules);
  return all.includes('0.0.0.0/0') || all.includes('::/0') ? 'public' : 'selected-networks';
}

/** The same change has the same id, whoever tells it. */
export function changeIdOf(registryId: string, property: string, occasion: string): string {
  return idOf(`${registryId}|${property}|${occasion}`);
}
