/** A token bucket's size and refill per second. */
interface Bucket {
  size: number;
  perSecond: number;
}

interface Taken {
  allowed: boolean;
  /** Whole tokens left. */
  remaining: number;
  /** Seconds until the request would be allowed; whole, at least 1; 0 when it was. */
  retryAfter: number;
}

/** Buckets by key, filled by the clock given: no quota of Azure is measured in simulated time. */
export interface Quotas {
  take(key: string, bucket: Bucket, tokens?: number): Taken;
}

export function createQuotas(now: () => number, enforced: boolean): Quotas {
  const levels = new Map<string, { level: number; at: number }>();
  return {
    take(key, bucket, tokens = 1) {
      const at = now();
      const last = levels.get(key) ?? { level: bucket.size, at };
      const level = Math.min(bucket.size, last.level + ((at - last.at) / 1000) * bucket.perSecond);
      const allowed = !enforced || level >= tokens;
      const left = allowed ? Math.max(0, level - tokens) : level;
      levels.set(key, { level: left, at });
      const retryAfter = allowed ? 0 : Math.max(1, Math.ceil((tokens - level) / bucket.perSecond));
      return { allowed, remaining: Math.floor(left), retryAfter };
    },
  };
}
