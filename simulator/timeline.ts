import type { TimelineStep, Wire } from './estate.ts';
import { isPlain, mergePatch } from './mergePatch.ts';
import { nameOf, parseArmPath } from './resourceId.ts';
import type { Resource, ResourceIndex } from './resourceIndex.ts';
import { traceChange } from './trace.ts';
import type { LiveEstate } from './world.ts';

/**
 * Runs one step. A changed resource leaves its trace where Azure leaves it: Resource Graph's changes and the activity
 * log. The directory, vaults and the data plane leave none there, nor does a right that was taken away.
 */
export function applyStep(step: TimelineStep, estate: LiveEstate, resources: ResourceIndex): void {
  if (step.merge !== undefined) merge(step, step.merge, estate, resources);
  if (step.remove !== undefined) remove(step, step.remove, estate, resources);
  if (step.denied !== undefined) estate.denied = step.denied;
  const { servicePrincipals, applications, groups, users, owners } = step.graph ?? {};
  if (servicePrincipals !== undefined) estate.graph.servicePrincipals = servicePrincipals;
  if (applications !== undefined) estate.graph.applications = applications;
  if (groups !== undefined) estate.graph.groups = groups;
  if (users !== undefined) estate.graph.users = users;
  if (owners !== undefined) estate.graph.owners = owners;
  Object.assign(estate.vaults, step.vaults);
  Object.assign(estate.dataPlane, step.dataPlane);
}

function merge(step: TimelineStep, patch: Resource, estate: LiveEstate, resources: ResourceIndex): void {
  const before = resources.get(patch.id);
  // The id stays as the estate spells it, whatever the step's letter case.
  const merged = mergePatch(before, before === undefined ? patch : { ...patch, id: before.id });
  const made = before === undefined ? named(patch.id) : {};
  const after: Resource = { ...made, ...stamped(before, merged, step), id: before?.id ?? patch.id };
  resources.put(after);
  traceChange({ step, id: after.id, before, after }, estate);
}

/** A new resource needs the name and type that its id implies. */
function named(id: string): Wire {
  const { type } = parseArmPath(id);
  return { name: nameOf(id), ...(type === undefined ? {} : { type }) };
}

function stamped(before: Resource | undefined, merged: unknown, step: TimelineStep): Wire {
  const resource = isPlain(merged) ? merged : {};
  if (before !== undefined && !isPlain(before.systemData)) return resource;
  if (before === undefined || step.by === undefined) return resource;
  const touched = { lastModifiedBy: step.by, lastModifiedByType: callerKind(step.by), lastModifiedAt: step.at };
  return {
    ...resource,
    systemData: { ...(isPlain(resource.systemData) ? resource.systemData : {}), ...touched },
  };
}

/** People sign with an address, applications with an id. */
export function callerKind(by: string | undefined): 'User' | 'Application' {
  return by?.includes('@') === true ? 'User' : 'Application';
}

function remove(step: TimelineStep, id: string, estate: LiveEstate, resources: ResourceIndex): void {
  const gone = resources.remove(id);
  const [first] = gone;
  if (first === undefined) throw new Error(`cannot remove ${id}: there is no such resource`);
  for (const resource of gone)
    traceChange({ step, id: resource.id, before: resource, after: undefined }, estate, resource === first);
}
