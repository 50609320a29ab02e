import type { Severity } from './severity.ts';

/** What the organisation wants judged, and how: `warden.yaml` (semantics §7). */
export interface Policy {
  scope: {
    /** undefined: all that can be seen */
    subscriptions?: string[];
    /** a registry with all of these tags is left alone */
    excludeTags: Record<string, string>;
  };
  expiry: {
    /** days left at which a credential becomes medium, high, critical; descending */
    ladder: { medium: number; high: number; critical: number };
    /** a credential that opens more registries than this is raised one step */
    raiseAbove: number;
  };
  /** a check switched off, or given another severity */
  checks: { [checkId: string]: Severity | 'off' | undefined };
}
