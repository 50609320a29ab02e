/** What the auditor's processes say of one sweep. */
export interface Swept {
  sweep: 'first' | 'steady';
  /** by the clock of the quotas, which may be faster than the wall's */
  wallSeconds: number;
  /** of all processes */
  cpuSeconds: number;
  /** of the process that took the most */
  busiestCpuSeconds: number;
  /** resident set of the process that has the most, the most so far */
  peakMiB: number;
  registries: number;
  /** of these, those of which everything could be read */
  readInFull: number;
  gaps: number;
}

/** What arrived at the simulator during one sweep. */
export interface Received {
  /** all, answered with 429 or not; tokens and rows too */
  requests: number;
  /** to Azure Resource Manager, without Resource Graph */
  armRequests: number;
  /** of these, those that share one bucket: a subscription's, or the tenant's */
  busiestBucket: number;
  resourceGraphQueries: number;
  graphUnits: number;
  keyCredentialsRequests: number;
  /** pages of the longest list: each waits for the one before it */
  longestList: number;
  /** answers 429, those inside a batch of Graph's too */
  throttled: number;
  /** what was accepted, by table; bytes of JSON as it was before compression */
  tables: Record<string, Written>;
  /** of the simulator's process */
  simulatorCpuSeconds: number;
}

export interface Written {
  rows: number;
  bytes: number;
}

export type SweepFigures = Swept & Received;

/** All tables together. */
export function writtenBy({ tables }: Received): Written {
  const all = Object.values(tables);
  return { rows: sum(all.map(({ rows }) => rows)), bytes: sum(all.map(({ bytes }) => bytes)) };
}

export function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
