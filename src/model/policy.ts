import type { Exposure, Instant, Sku } from './estate.ts';
import type { Severity } from './severity.ts';

/** What the organisation wants judged, and how: `warden.yaml` (semantics §7). */
export interface Policy {
  scope: {
    /** undefined: all that can be seen */
    subscriptions?: string[];
    /** management groups whose subscriptions are swept, with those of the groups below them; never beside `subscriptions` */
    managementGroups?: string[];
    /** a registry with all of these tags is left alone */
    excludeTags: Record<string, string>;
  };
  /** `auth`: all but the hygiene group; `full`: that too */
  profile: Profile;
  expiry: {
    /** days left at which a credential becomes medium, high, critical; descending */
    ladder: { medium: number; high: number; critical: number };
    /** days: a directory secret made for longer than this is principal-secret-long-lived */
    longestLifetime: number;
    /** a credential that opens more registries than this is raised one step */
    raiseAbove: number;
  };
  /** the posture expected of registries; the first rule that fits a registry counts */
  network: NetworkRule[];
  /** the shortest prefix of an IPv4 rule that is no finding; twice as many bits for IPv6 */
  widestRange: number;
  /** a check switched off, or given another severity; one named here takes part whatever the profile */
  checks: { [checkId: string]: Severity | 'off' | undefined };
  exceptions: Exception[];
  /** which cluster has to be able to pull from which registry; each a name or a resource id */
  integrations: { cluster: string; registry: string }[];
  /** the vaults whose secrets hold registry credentials */
  vaults: VaultRule[];
  owners: {
    /** tags of a registry that name its owner, the first that is set counts */
    tags: string[];
    fallback?: string;
  };
  probe: {
    /** names or patterns of the registries to sign in to */
    registries: string[];
    /** pulled from when given */
    repository?: string;
    /** milliseconds */
    warnMs: number;
    failMs: number;
  };
  /** percent of a limit */
  capacity: { warn: number; critical: number };
  hygiene: {
    minimumSku: Sku;
    /** empty: all */
    allowedRegions: string[];
    requiredTags: string[];
    /** a regular expression; empty: all */
    namePattern: string;
    /** patterns of what cache rules may mirror, as in `mcr.microsoft.com/*`; empty: all */
    allowedCacheSources: string[];
  };
}

/** An uploaded policy that cannot be used, and what holds instead. */
export interface PolicyProblem {
  /** the folder or the container's address */
  place: string;
  /** the policy's name there */
  name: string;
  /** each with line and column */
  problems: string[];
  /** the newest one before it that was good; where there is none, the default */
  inForce: 'last-good' | 'default';
}

export type Profile = 'auth' | 'full';

/** The registries that a rule is about: all that is given has to fit. */
export interface RegistrySelector {
  /** a name, or a pattern with * and ? */
  registry?: string;
  resourceGroup?: string;
  /** a subscription id */
  subscription?: string;
  tags?: Record<string, string>;
}

export interface NetworkRule extends RegistrySelector {
  expect: PostureExpectation;
}

/** What a registry's posture should be; a field that is absent is left open. */
export interface PostureExpectation {
  exposure?: Exposure;
  /** networks in CIDR notation, each once, in one order, spelled as in {@link Registry.ipRules} */
  ipRules?: string[];
  bypass?: 'AzureServices' | 'None';
  tasksBypass?: boolean;
  anonymousPull?: boolean;
  exportPolicy?: 'enabled' | 'disabled';
  armAudienceTokens?: boolean;
  adminUser?: boolean;
  dataEndpoint?: boolean;
}

/** A finding that somebody accepts for a while. */
export interface Exception {
  check: string;
  /** the registry's name, a pattern with * and ?, or its resource id */
  registry: string;
  /** absent: every subject; a pattern with * and ? too */
  subject?: string;
  owner: string;
  reason: string;
  /** a day, `2027-03-31`: holds through 24:00 UTC of it */
  until: Instant;
}

export interface VaultRule {
  /** `https://<name>.vault.azure.net`, without a slash at the end */
  url: string;
  /** which tag of a secret says what it is a copy of */
  tags: { registry?: string; token?: string; password?: string; applicationId?: string };
}
