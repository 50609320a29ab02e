import type { Denial, EstateFile, TimelineStep, Wire } from './estate.ts';
import { createQuotas, type Quotas } from './quotas.ts';
import { covers } from './resourceId.ts';
import { indexResources, type ResourceIndex } from './resourceIndex.ts';
import type { TeamsPost } from './services/teams.ts';
import type { Defect, LoggedRequest, SimulatorOptions } from './simulator.ts';
import { applyStep } from './timeline.ts';

/** The estate as it is now: every key filled in, and the resources behind an index. */
export interface LiveEstate {
  name: string;
  tenantId: string;
  managementGroups: Record<string, { parent?: string | null | undefined; subscriptions?: string[] | undefined }>;
  subscriptions: (Wire & { subscriptionId: string })[];
  usages: Record<string, Wire[]>;
  graph: {
    servicePrincipals: GraphObject[];
    applications: GraphObject[];
    groups: (GraphObject & { members?: string[] | null | undefined })[];
    users: GraphObject[];
    owners: Record<string, string[]>;
  };
  vaults: Record<string, Wire[]>;
  changes: Wire[];
  activityLog: Wire[];
  logs: Record<string, Wire[]>;
  metrics: Record<string, Record<string, Wire[]>>;
  dataPlane: Record<string, Wire>;
  denied: Denial[];
}

export type GraphObject = Wire & { id: string };

/** What the services share: the estate, its clock, the quotas, and what was seen. */
export interface World {
  estate: LiveEstate;
  resources: ResourceIndex;
  options: SimulatorOptions;
  quotas: Quotas;
  requests: LoggedRequest[];
  defects: Defect[];
  workspace: { tables: Record<string, Record<string, unknown>[]>; receivedAt: WeakMap<object, Date> };
  /** What was sent to workflows of Teams. */
  teams: TeamsPost[];
  now(): Date;
  advanceTo(iso: string): void;
  /** Is this exact action (any letter case), or everything, denied at this scope or above it? */
  isDenied(action: string, scope?: string): boolean;
}

export function createWorld(file: EstateFile, options: SimulatorOptions): World {
  const own = structuredClone(file);
  const resources = indexResources(own.resources ?? []);
  const timeline = (own.timeline ?? []).toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  // A capture without `now` is looked at today.
  let clock = own.now === undefined ? new Date() : new Date(own.now);
  let done = 0;

  const world: World = {
    estate: filled(own),
    resources,
    options,
    quotas: createQuotas(options.quotaNow ?? (() => performance.now()), options.throttling ?? true),
    requests: [],
    defects: [],
    workspace: { tables: {}, receivedAt: new WeakMap() },
    teams: [],
    now: () => new Date(clock),
    advanceTo(iso) {
      const to = new Date(iso);
      if (Number.isNaN(to.getTime()))
        throw new Error(`advanceTo('${iso}'): not an ISO time such as 2026-11-24T06:00:00Z`);
      if (to < clock)
        throw new Error(
          `advanceTo('${iso}'): the simulated clock stands at ${clock.toISOString()} and only moves forward`,
        );
      clock = to;
      runPassedSteps();
    },
    isDenied: (action, scope = '/') => world.estate.denied.some((denial) => denies(denial, action, scope)),
  };

  function runPassedSteps(): void {
    for (
      let step = timeline[done];
      step !== undefined && Date.parse(step.at) <= clock.getTime();
      step = timeline[done]
    ) {
      done += 1;
      run(step);
    }
  }
  function run(step: TimelineStep): void {
    try {
      applyStep(step, world.estate, resources);
    } catch (cause) {
      throw new Error(
        `timeline step at ${step.at} of estate '${world.estate.name}': ${cause instanceof Error ? cause.message : String(cause)}`,
        { cause },
      );
    }
  }
  runPassedSteps();
  return world;
}

function denies(denial: Denial, action: string, scope: string): boolean {
  if (denial.action !== '*' && denial.action.toLowerCase() !== action.toLowerCase()) return false;
  if (denial.scope === undefined) return true;
  // A vault's address is a scope too; it compares like an id once the scheme's slashes are gone.
  return covers(denial.scope.replace('://', '/'), scope.replace('://', '/'));
}

function filled(file: EstateFile): LiveEstate {
  return {
    name: file.name ?? 'unnamed',
    tenantId: file.tenantId,
    managementGroups: file.managementGroups ?? {},
    subscriptions: file.subscriptions ?? [],
    usages: file.usages ?? {},
    graph: {
      servicePrincipals: file.graph?.servicePrincipals ?? [],
      applications: file.graph?.applications ?? [],
      groups: file.graph?.groups ?? [],
      users: file.graph?.users ?? [],
      owners: file.graph?.owners ?? {},
    },
    vaults: file.vaults ?? {},
    changes: file.changes ?? [],
    activityLog: file.activityLog ?? [],
    logs: file.logs ?? {},
    metrics: file.metrics ?? {},
    dataPlane: file.dataPlane ?? {},
    denied: file.denied ?? [],
  };
}
