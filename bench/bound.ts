import type { SweepFigures } from './figures.ts';

/** Under what a sweep was measured. */
export interface Conditions {
  latencyMs: number;
  /** how many times as fast as the wall's clock that of quotas and latency goes */
  clock: number;
}

export interface Bound {
  seconds: number;
  by: 'ARM quota' | 'Resource Graph quota' | 'Graph quota' | 'latency' | 'processor';
}

// The quotas that no client can go round. Sources: Azure's "Understand how Azure Resource Manager throttles requests"
// (per subscription and principal), "Guidance for throttled requests in Azure Resource Graph", and Graph's
// "Service-specific throttling limits" for an application in a large tenant, with those of application-list.
const ARM = { burst: 250, perSecond: 25 };
const RESOURCE_GRAPH = { burst: 15, perSecond: 3 };
const GRAPH_UNITS = { burst: 8000, perSecond: 800 };
const KEY_CREDENTIALS = { burst: 150, perSecond: 2.5 };

/** What can only be asked or said once the one before it is answered. A list adds its pages. */
export const STAGES = [
  'the token of the identity',
  'the list of subscriptions',
  'the recorded changes',
  'the longest list of registries or role assignments, page after page',
  'the tokens of a registry',
  'the rows',
  "the shard's own row",
  'the closing row',
];

/** Requests that wait for one another, each one latency. */
export function chainOf({ longestList }: Pick<SweepFigures, 'longestList'>): number {
  return STAGES.length + Math.max(0, longestList - 1);
}

/** The least wall time that quotas, latency and one processor allow, and which of them it is. */
export function boundOf(figures: SweepFigures, { latencyMs, clock }: Conditions): Bound {
  const graph = Math.max(
    waitOf(figures.graphUnits, GRAPH_UNITS),
    waitOf(figures.keyCredentialsRequests, KEY_CREDENTIALS),
  );
  const bounds: Bound[] = [
    { by: 'ARM quota', seconds: waitOf(figures.busiestBucket, ARM) },
    { by: 'Resource Graph quota', seconds: waitOf(figures.resourceGraphQueries, RESOURCE_GRAPH) },
    { by: 'Graph quota', seconds: graph },
    { by: 'latency', seconds: (chainOf(figures) * latencyMs) / 1000 },
    { by: 'processor', seconds: figures.busiestCpuSeconds * clock },
  ];
  return bounds.reduce((most, bound) => (bound.seconds > most.seconds ? bound : most));
}

/** Seconds until a full bucket has given so much. */
function waitOf(count: number, { burst, perSecond }: { burst: number; perSecond: number }): number {
  return Math.max(0, (count - burst) / perSecond);
}
