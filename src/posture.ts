import { mergeCidr } from 'cidr-tools';
import type { Settings, SettingsField } from './model/change.ts';
import type { Registry } from './model/estate.ts';
import { POSTURE_FIELDS, type Posture, type PostureField } from './model/posture.ts';

/** What drift is measured on, of a registry as it is. */
export function postureOf(registry: Registry): Posture {
  return {
    exposure: registry.exposure,
    ipRules: mergeCidr(registry.ipRules),
    bypass: registry.networkRuleBypass,
    tasksBypass: registry.tasksBypass,
    anonymousPull: registry.anonymousPullEnabled,
    exportPolicy: registry.exportEnabled ? 'enabled' : 'disabled',
    armAudienceTokens: registry.armAudienceTokens,
    adminUser: registry.adminUserEnabled,
    dataEndpoint: registry.dataEndpointEnabled,
  };
}

export const SETTINGS_FIELDS: readonly SettingsField[] = [...POSTURE_FIELDS, 'roleAssignmentMode', 'sku'];

/** What is watched of a registry as it is. */
export function settingsOf(registry: Registry): Settings {
  const { roleAssignmentMode, sku } = registry;
  return { ...postureOf(registry), roleAssignmentMode, sku };
}

/** The fields in which two postures differ, in reading order. */
export function changedFields(before: Posture, after: Posture): PostureField[] {
  return POSTURE_FIELDS.filter((field) => !sameValue(before[field], after[field]));
}

/** Networks are in one order, so lists are equal when their texts are; what comes from the state passed through JSON. */
export function sameValue(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
