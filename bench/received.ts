import { gunzipSync } from 'node:zlib';
import type { Received } from './figures.ts';

const UNITS_HEADER = 'x-ms-resource-unit';

type Handle = (request: Request) => Promise<Response>;

/** Counts what arrives at a simulator. */
export interface Ledger {
  watch(handle: Handle): Handle;
  /** what has arrived since the last time */
  close(): Received;
}

type Counts = Omit<Received, 'busiestBucket' | 'longestList' | 'simulatorCpuSeconds'>;

/** A ledger; the processor time in it is that of this process. */
export function createLedger(): Ledger {
  let counts = nothing();
  let buckets = new Map<string, number>();
  let lists = new Map<string, { pages: number; begun: number }>();
  let cpu = process.cpuUsage();

  function count(url: URL): void {
    counts.requests++;
    if (/^\/providers\/Microsoft\.ResourceGraph\//i.test(url.pathname)) counts.resourceGraphQueries++;
    else if (url.host.startsWith('management.')) countArm(url);
    if (/^graph\.|^microsoftgraph\./.test(url.host) && /keyCredentials/i.test(url.search)) {
      counts.keyCredentialsRequests++;
    }
  }
  function countArm(url: URL): void {
    counts.armRequests++;
    const [, bucket = 'tenant'] = /^\/subscriptions\/([^/]+)/i.exec(url.pathname) ?? [];
    buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1);
    const list = lists.get(url.pathname) ?? { pages: 0, begun: 0 };
    list.pages++;
    if (!/\$skiptoken=/i.test(decodeURIComponent(url.search))) list.begun++;
    lists.set(url.pathname, list);
  }

  return {
    watch: (handle) => async (request) => {
      const url = new URL(request.url);
      count(url);
      const [, table] = /\/streams\/(?:Custom-)?([^/?]+)$/.exec(decodeURIComponent(url.pathname)) ?? [];
      const body = table === undefined ? undefined : Buffer.from(await request.clone().arrayBuffer());
      const response = await handle(request);
      for (const { status, units } of await answersIn(url, response)) {
        if (status === 429) counts.throttled++;
        counts.graphUnits += units;
      }
      if (table !== undefined && body !== undefined && response.ok) {
        const written = counts.tables[table] ?? { rows: 0, bytes: 0 };
        const text = request.headers.get('content-encoding') === 'gzip' ? gunzipSync(body) : body;
        const rows: unknown[] = JSON.parse(text.toString());
        counts.tables[table] = { rows: written.rows + rows.length, bytes: written.bytes + text.length };
      }
      return response;
    },
    close() {
      const { user, system } = process.cpuUsage(cpu);
      let longestList = 0;
      // Each shard that lists something begins anew.
      for (const { pages, begun } of lists.values()) {
        longestList = Math.max(longestList, Math.ceil(pages / Math.max(1, begun)));
      }
      const received: Received = {
        ...counts,
        busiestBucket: Math.max(0, ...buckets.values()),
        longestList,
        simulatorCpuSeconds: (user + system) / 1e6,
      };
      counts = nothing();
      buckets = new Map();
      lists = new Map();
      cpu = process.cpuUsage();
      return received;
    },
  };
}

interface Answer {
  status: number;
  /** of Graph's quota */
  units: number;
}

/** The answer and, of a batch of Graph's, those inside it, which have the units. */
async function answersIn(url: URL, response: Response): Promise<Answer[]> {
  const units = (value: string | null | undefined): number => Number(value ?? 0);
  const answer = { status: response.status, units: units(response.headers.get(UNITS_HEADER)) };
  if (!url.pathname.endsWith('/$batch') || !response.ok) return [answer];
  const { responses }: Batch = JSON.parse(await response.clone().text());
  return [answer, ...responses.map(({ status, headers }) => ({ status, units: units(headers[UNITS_HEADER]) }))];
}

interface Batch {
  responses: { status: number; headers: Record<string, string> }[];
}

function nothing(): Counts {
  return {
    requests: 0,
    armRequests: 0,
    resourceGraphQueries: 0,
    graphUnits: 0,
    keyCredentialsRequests: 0,
    throttled: 0,
    tables: {},
  };
}
