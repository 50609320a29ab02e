/** What one sweep of the benchmark cost. */
export interface SweepFigures {
  sweep: 'first' | 'steady';
  wallSeconds: number;
  cpuSeconds: number;
  /** of the process so far */
  peakMiB: number;
  registries: number;
  requests: number;
  /** of a subscription's shard */
  mostRequestsOfAShard: number;
  throttled: number;
  gaps: number;
  rows: number;
  megabytes: number;
}

// The quotas that no client can go round: facts on ARM throttling, per subscription and principal.
const ARM_BURST = 250;
const ARM_PER_SECOND = 25;
/** plan → registries → tokens → rows → report → close: requests that wait for one another, each one latency. */
const CHAIN = 6;

/** The least wall time that quotas, latency and the processor allow, and which of them it is. */
export function boundOf(
  { mostRequestsOfAShard, cpuSeconds }: SweepFigures,
  latencyMs: number,
): { seconds: number; by: 'quota' | 'latency' | 'processor' } {
  const bounds = [
    { by: 'quota' as const, seconds: Math.max(0, (mostRequestsOfAShard - ARM_BURST) / ARM_PER_SECOND) },
    { by: 'latency' as const, seconds: (CHAIN * latencyMs) / 1000 },
    { by: 'processor' as const, seconds: cpuSeconds },
  ];
  return bounds.reduce((most, bound) => (bound.seconds > most.seconds ? bound : most));
}
