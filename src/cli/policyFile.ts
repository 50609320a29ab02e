import { readFileSync } from 'node:fs';
import type { Policy, Profile } from '../model/policy.ts';
import { DEFAULT_POLICY, parsePolicy } from '../policy.ts';

export interface PolicyFlags {
  policy?: string;
  profile?: Profile;
  subscription?: string[];
  managementGroup?: string[];
}

/** The policy of a file, or the default, with what the command line says over it. */
export function policyFrom({ policy: file, profile, subscription, managementGroup }: PolicyFlags): Policy {
  const policy = file ? parsePolicy(read(file), file) : DEFAULT_POLICY;
  const asked = profile ? { ...policy, profile } : policy;
  if (!subscription && !managementGroup) return asked;
  const { excludeTags } = policy.scope;
  return {
    ...asked,
    scope: {
      excludeTags,
      ...(subscription ? { subscriptions: subscription } : {}),
      ...(managementGroup ? { managementGroups: managementGroup } : {}),
    },
    // A registry that was not looked for is not gone.
    checks: { ...policy.checks, 'exception-orphaned': 'off' },
  };
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Error(`cannot read the policy ${file}`, { cause });
  }
}
