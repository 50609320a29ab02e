import type { TokenCredential } from '@azure/core-auth';
import type { HttpClient } from '@azure/core-rest-pipeline';
import type { EstateFile } from './estate.ts';
import { parseEstate } from './estate.ts';
import { createFaults, type FaultRule, type Faults } from './faults.ts';
import { inProcessClient } from './httpClient.ts';
import type { KqlDatabase, KqlSchema } from './kql/index.ts';
import { serve } from './serve.ts';
import { workspaceDatabase, workspaceSchema } from './services/logsQuery/workspace.ts';
import { resolveHost } from './services/registry/registryAt.ts';
import type { TeamsPost } from './services/teams.ts';
import { simulatedCredential } from './token.ts';
import { createWorld } from './world.ts';

/** One request as the simulator saw it; `service` is `none` when no simulated service has that host. */
export interface LoggedRequest {
  method: string;
  host: string;
  path: string;
  service: string;
  status: number;
}

/** Something a correct client would not have done. */
export interface Defect {
  service: string;
  message: string;
}

export interface SimulatorOptions {
  estate: EstateFile;
  /** The parsed `infra/main.json`, for the streams; read from beside the module when ingestion is first used. */
  template?: unknown;
  /** Milliseconds before every answer. */
  latencyMs?: number;
  faults?: FaultRule[];
  /** False switches the ARM and Graph quotas off. Default true. */
  throttling?: boolean;
  /** Milliseconds for the quotas' buckets; default `performance.now`. */
  quotaNow?: () => number;
  /** Items on a page of an ARM list, and of a Graph list without `$top`. Default 100. */
  pageSize?: number;
}

export interface Simulator {
  /** The simulated clock. It moves only by `advanceTo`. */
  now(): Date;
  /** Moves the clock forward and runs the timeline steps it passes, in order. */
  advanceTo(iso: string): void;
  /** Answers a request whose URL has the real host. Rejects as `fetch` does when a fault cuts the connection. */
  handle(request: Request): Promise<Response>;
  /** The addresses of a registry's host, in place of DNS. Rejects with code ENOTFOUND for a name that nobody has. */
  resolve(host: string): Promise<string[]>;
  /** The in-process entrance for the Azure SDK clients. */
  httpClient: HttpClient;
  /** Tokens that the simulated services accept, for the scope asked. */
  credential: TokenCredential;
  /** Rows as they arrived, by table name. When each arrived stands in `receivedAt`, not in a column. */
  workspace: { tables: Record<string, Record<string, unknown>[]>; receivedAt: WeakMap<object, Date> };
  /** What queries see: the tables' columns, and the rows that had arrived by a time. */
  logs: { schema(): KqlSchema; databaseAt(at: Date): KqlDatabase };
  /** Cards and whatever else was sent to workflows of Teams, in order; a `failure` says why Teams shows nothing. */
  teams: TeamsPost[];
  /** Every request so far; `requests.length = 0` starts a new count. */
  requests: LoggedRequest[];
  /** What a correct client would not have done; empty after a good run. */
  defects: Defect[];
  faults: Faults;
}

/** A simulated Azure that holds a copy of the estate. */
export function createSimulator(options: SimulatorOptions): Simulator {
  const world = createWorld(parseEstate(options.estate, `estate '${options.estate.name ?? 'unnamed'}'`), options);
  const faults = createFaults(options.faults ?? []);
  const handle = (request: Request): Promise<Response> => serve(request, world, faults, options.latencyMs ?? 0);
  return {
    now: () => world.now(),
    advanceTo: (iso) => world.advanceTo(iso),
    handle,
    resolve: async (host) => resolveHost(host, world),
    httpClient: inProcessClient(handle),
    credential: simulatedCredential(world.estate.tenantId),
    workspace: world.workspace,
    logs: { schema: () => workspaceSchema(world), databaseAt: (at) => workspaceDatabase(world, at) },
    teams: world.teams,
    requests: world.requests,
    defects: world.defects,
    faults,
  };
}
