/** Where the simulated tenant is, and since when its clock counts. */
export interface ServerPlace {
  url: string;
  tenantId: string;
  sweptAt: string;
  endpoint: string;
  ruleId: string;
}

/** What a sweeping process is told before anything else. */
export interface SweeperPlace {
  server: ServerPlace;
  /** for the state */
  folder: string;
  clock: number;
}

/** What a sweeping process is told to do, as a timer or a message tells a function. */
export interface SweeperOrder {
  does: 'plan' | 'subscriptions' | 'tenant' | 'close' | 'record' | 'again';
  /** since the first sweep */
  hours: number;
  /** of a sweep that is planned */
  sweepId: string;
}

/** What it answers when it is done, and once it is ready. */
export interface Done {
  /** of the process until now */
  cpuSeconds: number;
  /** resident set of the process, the most so far */
  peakMiB: number;
  /** of the plan */
  sweepId?: string;
  /** the row of the sweep that was closed */
  row?: Record<string, unknown>;
  /** how many requests were sent again */
  requests?: number;
}

/** Between two sweeps, by the clock of the quotas. */
export const HOUR_MS = 3_600_000;
