import type { SettingsField } from './change.ts';
import type { Credential } from './credential.ts';
import type { Facts, Instant, Registry } from './estate.ts';
import type { Category, Hit } from './finding.ts';
import type { Memory } from './memory.ts';
import type { Policy, PolicyProblem } from './policy.ts';
import type { Severity } from './severity.ts';
import type { Source } from './source.ts';

/** What a check may look at: the facts, what follows from them, and the moment of the sweep. */
export interface CheckInput extends Facts {
  credentials: Credential[];
  now: Instant;
  policy: Policy;
  /** the policy that was uploaded cannot be used, so another is in force */
  policyProblem?: PolicyProblem;
  /** what earlier sweeps knew of the registries; absent: nothing is kept */
  remembered?: Memory;
}

export interface Check {
  /** = file = test = docs/checks/<id>.md; the wrong condition, in words */
  id: string;
  title: string;
  category: Category;
  severity: Severity;
  /** which gaps blind it, which permissions it costs, and so which shard runs it; empty: every shard */
  needs: readonly Source[];
  /** what counts of that at one registry, where it is less; undefined: all */
  needsAt?(registry: Registry): readonly Source[] | undefined;
  /** `tenant`: judged once with the whole picture, although what it needs is read in every shard */
  shard?: 'tenant';
  /** the registry's setting that the check is about: whoever changed it last is behind the finding */
  about?: SettingsField;
  /** its findings name whoever is behind them in a way of their own */
  saysWho?: true;
  /** pure and synchronous */
  run(input: CheckInput): Hit[];
}

/** What a check stands on at a place; `registry`: the one that is there, if it is known. */
export function needsAt(check: Check, registry: Registry | undefined): readonly Source[] {
  return (registry && check.needsAt?.(registry)) ?? check.needs;
}
