import type { Azure } from '../azure.ts';
import type { ActorType, RecordedChange } from '../model/change.ts';
import type { Instant } from '../model/estate.ts';
import type { Gap } from '../model/gap.ts';
import { attempt, UnusableAnswerError } from './attempt.ts';
import { recordedValues } from './changedValues.ts';
import { resourceGraphRows } from './resourceGraph.ts';
import { isWireObject, type WireObject } from './send.ts';
import { instant, required } from './wire.ts';

/** Resource Graph keeps changes for 14 days: facts §3 */
const CHANGES_KEPT_MS = 14 * 24 * 60 * 60 * 1000;

/**
 * What Resource Graph remembers of the registries of some subscriptions, oldest first: as few queries as there are
 * pages, for all of them together. Of changes to nothing that is watched only the newest of each registry, which says
 * since when it is another. undefined: it could not be read, and there is a gap. Only a registry's readers see its
 * changes, so what a missing right hides is told apart by whoever uses this.
 */
export async function readRecordedChanges(
  azure: Azure,
  subscriptions: string[],
  now: Instant,
  gaps: Gap[],
): Promise<RecordedChange[] | undefined> {
  return attempt(gaps, 'changes', '/', async () => {
    const changes: RecordedChange[] = [];
    const unwatched = new Map<string, RecordedChange>();
    for await (const row of resourceGraphRows(azure, queryOf(now), subscriptions)) {
      const change = toChange(row);
      if (!change) continue;
      const key = change.resourceId.toLowerCase();
      if (change.creation || change.values?.length) changes.push(change);
      else if (change.changedAt > (unwatched.get(key)?.changedAt ?? '')) unwatched.set(key, change);
    }
    return [...changes, ...unwatched.values()].sort((a, b) => a.changedAt.localeCompare(b.changedAt));
  });
}

function queryOf(now: Instant): string {
  const since = new Date(Date.parse(now) - CHANGES_KEPT_MS).toISOString();
  return [
    'resourcechanges',
    "| where tostring(properties.targetResourceType) =~ 'microsoft.containerregistry/registries'",
    `| where todatetime(properties.changeAttributes.timestamp) >= datetime(${since})`,
    '| project id, properties',
    '| order by id asc',
  ].join('\n');
}

/** One row (wire: resourcechanges-properties); undefined: it tells of nothing that matters here. */
function toChange({ id, properties }: WireObject): RecordedChange | undefined {
  const of = `change record ${String(id)}`;
  if (!isWireObject(properties)) throw new UnusableAnswerError(`${of} came without properties`);
  const { targetResourceId, changeType, changeAttributes, changes } = properties;
  if (!isWireObject(changeAttributes)) throw new UnusableAnswerError(`${of} came without changeAttributes`);
  // A deletion is found by asking for the registry itself.
  const type = textOf(changeType).toLowerCase();
  if (type === 'delete') return undefined;
  const set = isWireObject(changes) ? changes : {};
  const creation = type === 'create';
  if (!creation && isOfTags(Object.keys(set))) return undefined;
  const { timestamp, changedBy, changedByType, clientType, operation, correlationId } = changeAttributes;
  return {
    resourceId: required(textOf(targetResourceId), 'targetResourceId', of),
    changedAt: required(instant(textOf(timestamp), 'timestamp', of), 'timestamp', of),
    ...actorOf(textOf(changedBy), textOf(changedByType)),
    client: named(textOf(clientType)),
    operation: named(textOf(operation)),
    correlationId: textOf(correlationId),
    source: 'resource-graph',
    creation,
    values: recordedValues(set),
  };
}

/** Tags are set by machines, of all registries at once and often; nothing that is read stands on when that was. */
function isOfTags(paths: string[]): boolean {
  return paths.length > 0 && paths.every((path) => /^tags(\.|\[|$)/i.test(path));
}

/** Azure itself shows as `System`, what it does not know as `Unspecified`; records of before 2024 name nobody. */
function actorOf(by: string, type: string): { changedBy: string; changedByType: ActorType } {
  const known = (['User', 'Application', 'System'] as const).find((one) => one.toLowerCase() === type.toLowerCase());
  if (known === 'System') return { changedBy: named(by) || 'Azure', changedByType: 'System' };
  const changedBy = named(by);
  return changedBy === ''
    ? { changedBy: 'unknown', changedByType: 'unknown' }
    : { changedBy, changedByType: known ?? 'unknown' };
}

function named(text: string): string {
  return /^(unspecified|unknown|null)$/i.test(text) ? '' : text;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
