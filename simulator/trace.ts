import { createHash } from 'node:crypto';
import type { TimelineStep, Wire } from './estate.ts';
import { isPlain } from './mergePatch.ts';
import { parseArmPath } from './resourceId.ts';
import type { Resource } from './resourceIndex.ts';
import { callerKind } from './timeline.ts';
import type { LiveEstate } from './world.ts';

export interface TracedChange {
  step: TimelineStep;
  id: string;
  before: Resource | undefined;
  after: Resource | undefined;
}

/**
 * Adds the row of `resourcechanges` and the activity log event that Azure would have. Deleting a parent is one
 * operation: its children get rows but no events of their own.
 * Shapes: Azure docs "Get resource changes" (targetResourceId, changeAttributes, changes by path; previousValue is the
 * text "null" for a field that was not there) and "Azure activity log event schema", Administrative category.
 */
export function traceChange(change: TracedChange, estate: LiveEstate, isOperation = true): void {
  const seed = `${change.step.at}|${change.id.toLowerCase()}|${estate.changes.length}`;
  const correlationId = guid(`correlation ${seed}`);
  estate.changes.push(changeRow(change, seed, correlationId, estate.tenantId));
  if (isOperation) estate.activityLog.push(activityEvent(change, seed, correlationId, estate.tenantId));
}

function changeRow(
  { step, id, before, after }: TracedChange,
  seed: string,
  correlationId: string,
  tenantId: string,
): Wire {
  const { type = '', subscriptionId = '', resourceGroup = '' } = parseArmPath(id);
  // A whole resource that came or went is not listed field by field.
  const changes = before === undefined || after === undefined ? {} : differences(before, after);
  const changeType = before === undefined ? 'Create' : after === undefined ? 'Delete' : 'Update';
  const name = guid(`change ${seed}`);
  return {
    id: `${id}/providers/Microsoft.Resources/changes/${name}`,
    name,
    type: 'microsoft.resources/changes',
    tenantId,
    kind: '',
    location: '',
    resourceGroup: resourceGroup.toLowerCase(),
    subscriptionId,
    managedBy: '',
    sku: null,
    plan: null,
    properties: {
      targetResourceId: id,
      targetResourceType: type.toLowerCase(),
      changeType,
      changeAttributes: {
        ...(before === undefined ? {} : { previousResourceSnapshotId: snapshot(`before ${seed}`) }),
        ...(after === undefined ? {} : { newResourceSnapshotId: snapshot(`after ${seed}`) }),
        correlationId,
        changedByType: step.by === undefined ? 'Unspecified' : callerKind(step.by),
        changesCount: Object.keys(changes).length,
        clientType:
          step.by === undefined ? 'Unspecified' : callerKind(step.by) === 'User' ? 'Azure Portal' : 'Unspecified',
        changedBy: step.by ?? 'Unspecified',
        operation:
          step.by === undefined ? 'Unspecified' : `${type.toLowerCase()}/${after === undefined ? 'delete' : 'write'}`,
        timestamp: withOffset(step.at),
      },
      changes,
    },
    tags: null,
    identity: null,
    zones: null,
    extendedLocation: null,
  };
}

/** Changed leaves by path (`properties.networkRuleSet.ipRules[0].value`), as text; metadata of the write left out. */
function differences(before: Resource | undefined, after: Resource | undefined): Record<string, Wire> {
  const was = new Map(leaves(before, ''));
  const is = new Map(leaves(after, ''));
  const changed: Record<string, Wire> = {};
  for (const path of [...new Set([...was.keys(), ...is.keys()])].toSorted()) {
    if (path.startsWith('systemData.') || was.get(path) === is.get(path)) continue;
    changed[path] = { newValue: is.get(path) ?? 'null', previousValue: was.get(path) ?? 'null' };
  }
  return changed;
}

function leaves(value: unknown, path: string): [string, string][] {
  if (Array.isArray(value)) return value.flatMap((item, index) => leaves(item, `${path}[${index}]`));
  if (isPlain(value))
    return Object.entries(value).flatMap(([key, item]) => leaves(item, path === '' ? key : `${path}.${key}`));
  if (value === undefined || value === null) return [];
  // Booleans are printed by .NET.
  return [[path, typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value)]];
}

function activityEvent({ step, id, after }: TracedChange, seed: string, correlationId: string, tenantId: string): Wire {
  const { type = '', subscriptionId = '', resourceGroup = '' } = parseArmPath(id);
  const verb = after === undefined ? 'delete' : 'write';
  const operation = `${type}/${verb}`;
  const eventDataId = guid(`event ${seed}`);
  const at = new Date(step.at).toISOString().replace(/Z$/, '0000Z');
  const ticks = BigInt(Date.parse(step.at)) * 10_000n + 621_355_968_000_000_000n;
  const twice = (value: string): Wire => ({ value, localizedValue: value });
  return {
    authorization: { action: operation, scope: id },
    caller: step.by ?? '',
    channels: 'Operation',
    claims: callerKind(step.by) === 'User' ? { name: step.by } : { appid: step.by ?? '' },
    correlationId,
    description: '',
    eventDataId,
    eventName: { value: 'EndRequest', localizedValue: 'End request' },
    category: twice('Administrative'),
    httpRequest: {
      clientRequestId: guid(`request ${seed}`),
      clientIpAddress: '203.0.113.9',
      method: verb === 'write' ? 'PUT' : 'DELETE',
    },
    id: `${id}/events/${eventDataId}/ticks/${ticks}`,
    level: 'Informational',
    resourceGroupName: resourceGroup,
    resourceProviderName: twice(type.split('/')[0] ?? ''),
    resourceId: id,
    resourceType: twice(type),
    operationId: correlationId,
    operationName: { value: operation, localizedValue: operation },
    properties: { statusCode: 'OK', serviceRequestId: null, entity: id, message: operation },
    status: twice('Succeeded'),
    subStatus: { value: 'OK', localizedValue: 'OK (HTTP Status Code: 200)' },
    eventTimestamp: at,
    submissionTimestamp: at,
    subscriptionId,
    tenantId,
  };
}

function withOffset(iso: string): string {
  return new Date(iso).toISOString().replace(/Z$/, '+00:00');
}

/** As long and as meaningless as Azure's: numbers and a guid. */
function snapshot(seed: string): string {
  const digits = (name: string, length: number): string =>
    (BigInt(`0x${guid(`${name} ${seed}`).replaceAll('-', '')}`) % 10n ** BigInt(length))
      .toString()
      .padStart(length, '1');
  return `${digits('a', 20)}_${guid(seed)}_${digits('b', 10)}_${digits('c', 10)}`;
}

/** The same seed gives the same guid. */
export function guid(seed: string): string {
  const hex = createHash('sha256').update(seed).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
