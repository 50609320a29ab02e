import type { Azure } from '../azure.ts';
import type { RecordedChange } from '../model/change.ts';
import type { Instant } from '../model/estate.ts';
import type { Gap } from '../model/gap.ts';
import { armPages } from './arm.ts';
import { attempt, whereRegistered } from './attempt.ts';
import { valuesOfBody } from './changedValues.ts';
import { isWireObject, type WireObject } from './send.ts';
import { instant, required } from './wire.ts';

/** Azure keeps events for 90 days and refuses to be asked for more; a day is left for clocks that differ. */
const EVENTS_KEPT_MS = 89 * 24 * 60 * 60 * 1000;
/** Newest come first, so what a busy subscription loses by this is what is oldest. */
const EVENTS_AT_MOST = 10_000;
const WRITES = ['microsoft.containerregistry/registries/write', 'microsoft.containerregistry/registries/tokens/write'];

/**
 * Who wrote registries and tokens of one subscription since a moment, oldest first: what Resource Graph does not know any more, or
 * not yet. The log's filter allows a time and one provider, and nothing else (Azure Monitor REST reference).
 */
export async function readWrites(
  azure: Azure,
  subscriptionId: string,
  { since, now }: { since: Instant; now: Instant },
  gaps: Gap[],
): Promise<RecordedChange[]> {
  const writes: RecordedChange[] = [];
  const oldest = new Date(Date.parse(now) - EVENTS_KEPT_MS).toISOString();
  const from = since < oldest ? oldest : since;
  const filter = `eventTimestamp ge '${from}' and eventTimestamp le '${now}' and resourceProvider eq 'Microsoft.ContainerRegistry'`;
  const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Insights/eventtypes/management/values?api-version=2015-04-01&$filter=${encodeURIComponent(filter)}`;
  await attempt(gaps, 'activityLog', `/subscriptions/${subscriptionId}`, async () => {
    let read = 0;
    // Where it was never registered nobody can ask who wrote, and the change says so itself.
    for await (const event of whereRegistered(armPages(azure, path))) {
      const write = toWrite(event);
      if (write) writes.push(write);
      if (++read >= EVENTS_AT_MOST) break;
    }
  });
  return writes.sort((a, b) => a.changedAt.localeCompare(b.changedAt));
}

/** One event, as the activity log's schema has it; undefined: neither a registry nor a token written with success. */
function toWrite(event: WireObject): RecordedChange | undefined {
  if (!WRITES.includes(innerText(event.operationName).toLowerCase())) return undefined;
  // One operation leaves an event when it begins and one when it ends; only the end says how it went.
  if (innerText(event.status).toLowerCase() !== 'succeeded') return undefined;
  const resourceId = textOf(event.resourceId);
  const of = `an activity log event of ${resourceId}`;
  const caller = textOf(event.caller);
  const values = valuesOfRequest(event.properties);
  return {
    resourceId: required(resourceId, 'resourceId', of),
    changedAt: required(instant(textOf(event.eventTimestamp), 'eventTimestamp', of), 'eventTimestamp', of),
    changedBy: caller === '' ? 'unknown' : caller,
    // People sign with an address, applications with an id.
    changedByType: caller === '' ? 'unknown' : caller.includes('@') ? 'User' : 'Application',
    client: clientOf(event.claims),
    operation: innerText(event.operationName),
    correlationId: textOf(event.correlationId),
    source: 'activity-log',
    creation: false,
    ...(values && { values }),
  };
}

/** Not every event carries what was asked for; one that does not says only that somebody wrote something. */
function valuesOfRequest(properties: unknown) {
  const body = isWireObject(properties) ? (properties.requestbody ?? properties.requestBody) : undefined;
  if (typeof body !== 'string') return undefined;
  try {
    const parsed: unknown = JSON.parse(body);
    return valuesOfBody(parsed);
  } catch {
    // Azure cuts long bodies; half of one is as good as none.
    return undefined;
  }
}

/** Well-known first-party applications, by the id in the caller's token (Microsoft's list of first-party apps). */
const CLIENTS: Record<string, string> = {
  '04b07795-8ddb-461a-bbee-02f9e1bf7b46': 'Azure CLI',
  '1950a258-227b-4e31-a9cf-717495945fc2': 'Azure PowerShell',
  'c44b4083-3bb0-49c1-b47d-974e53cbdf3c': 'Azure Portal',
};

function clientOf(claims: unknown): string {
  const appId = isWireObject(claims) ? textOf(claims.appid) : '';
  return CLIENTS[appId.toLowerCase()] ?? '';
}

function innerText(value: unknown): string {
  return isWireObject(value) ? textOf(value.value) : '';
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
