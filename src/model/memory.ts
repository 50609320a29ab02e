import type { Openings, Snapshot } from './change.ts';
import type { Baseline } from './posture.ts';

/** What is remembered of one registry from sweep to sweep. */
export interface RegistryMemory {
  /** absent: the registry is still being made, so nothing may be taken for its posture yet */
  baseline?: Baseline;
  lastChanges: Snapshot['lastChanges'];
  openings?: Openings;
}

/** By registry id in lower case. */
export type Memory = ReadonlyMap<string, RegistryMemory>;
