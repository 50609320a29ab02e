/** Where the simulated tenant is, and since when its clock counts. */
export interface ServerPlace {
  url: string;
  tenantId: string;
  sweptAt: string;
  endpoint: string;
  ruleId: string;
}

/** What the sweeping process is told before anything else. */
export interface SweeperOrder {
  server: ServerPlace;
  /** for the state */
  folder: string;
  clock: number;
}

/** Between two sweeps, by the clock of the quotas. */
export const HOUR_MS = 3_600_000;
