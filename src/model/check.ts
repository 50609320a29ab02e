import type { Credential } from './credential.ts';
import type { Facts, Instant } from './estate.ts';
import type { Category, Hit } from './finding.ts';
import type { Policy } from './policy.ts';
import type { Severity } from './severity.ts';
import type { Source } from './source.ts';

/** What a check may look at: the facts, what follows from them, and the moment of the sweep. */
export interface CheckInput extends Facts {
  credentials: Credential[];
  now: Instant;
  policy: Policy;
}

export interface Check {
  /** = file = test = docs/checks/<id>.md; the wrong condition, in words */
  id: string;
  title: string;
  category: Category;
  severity: Severity;
  /** which gaps blind it, which permissions it costs, and so which shard runs it; empty: every shard */
  needs: readonly Source[];
  /** pure and synchronous */
  run(input: CheckInput): Hit[];
}
