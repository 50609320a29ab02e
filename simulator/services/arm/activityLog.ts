import type { Wire } from '../../estate.ts';
import { isPlain } from '../../mergePatch.ts';
import { sameId } from '../../resourceId.ts';
import type { World } from '../../world.ts';
import { type Exchange, json, queryValue } from '../service.ts';
import { authorizationFailed } from './armAnswers.ts';
import { page } from './page.ts';

const READ = 'Microsoft.Insights/eventtypes/values/read';
const KEPT_MS = 90 * 86_400_000;

interface Filter {
  from: number;
  to: number;
  /** What the events are narrowed by, at most one of the four that the service knows. */
  by?: { field: string; value: string };
}

/**
 * Events of a subscription, the newest first.
 * Sources: "Activity Logs - List" (the filter "is very restricted and allows only the following patterns"; 90 days), the
 * event schema page.
 */
export function answerActivityLog(exchange: Exchange, subscriptionId: string, world: World): Response {
  const scope = `/subscriptions/${subscriptionId}`;
  if (world.isDenied(READ, scope)) return authorizationFailed(exchange, READ, scope);
  const filter = readFilter(queryValue(exchange.url, '$filter'), world.now());
  if (typeof filter === 'string') return badRequest(filter);
  const events = world.estate.activityLog
    .filter((event) => String(event.subscriptionId).toLowerCase() === subscriptionId.toLowerCase())
    .filter((event) => isAsked(event, filter) && !world.isDenied(READ, String(event.resourceId ?? scope)))
    .toSorted((a, b) => timeOf(b) - timeOf(a));
  const select = queryValue(exchange.url, '$select')?.split(',');
  return page(events, exchange.url, world, (event) => (select === undefined ? event : selected(event, select)));
}

/** Azure Monitor's older services put code and message at the top. */
export function badRequest(message: string): Response {
  return json(400, { code: 'BadRequest', message });
}

function readFilter(text: string | undefined, now: Date): Filter | string {
  if (text === undefined || text === '') return 'The $filter query parameter is required, with a start time.';
  const filter: Filter = { from: Number.NaN, to: now.getTime() };
  for (const part of text.split(/\s+and\s+/i)) {
    const time = /^eventTimestamp (ge|le) '([^']+)'$/i.exec(part);
    const match = /^(resourceGroupName|resourceUri|resourceId|resourceProvider|correlationId) eq '([^']+)'$/i.exec(
      part,
    );
    if (time?.[2] !== undefined && !Number.isNaN(Date.parse(time[2]))) {
      if (time[1]?.toLowerCase() === 'ge') filter.from = Date.parse(time[2]);
      else filter.to = Math.min(filter.to, Date.parse(time[2]));
    } else if (match?.[1] !== undefined && match[2] !== undefined && filter.by === undefined) {
      filter.by = { field: match[1].toLowerCase(), value: match[2] };
    } else return `The $filter '${text}' is not supported: see the patterns that Activity Logs - List allows.`;
  }
  if (Number.isNaN(filter.from)) return `The $filter '${text}' has no start time: eventTimestamp ge '…'.`;
  if (filter.from < now.getTime() - KEPT_MS) return 'The start time cannot be more than 90 days in the past.';
  return filter;
}

function isAsked(event: Wire, { from, to, by }: Filter): boolean {
  const at = timeOf(event);
  if (!(at >= from && at <= to)) return false;
  switch (by?.field) {
    case undefined:
      return true;
    case 'resourcegroupname':
      return sameText(event.resourceGroupName, by?.value);
    case 'resourceprovider':
      return sameText(isPlain(event.resourceProviderName) ? event.resourceProviderName.value : undefined, by?.value);
    case 'correlationid':
      return sameText(event.correlationId, by?.value);
    default:
      return sameId(String(event.resourceId), String(by?.value));
  }
}

function timeOf(event: Wire): number {
  return Date.parse(String(event.eventTimestamp));
}

function sameText(one: unknown, other: string | undefined): boolean {
  return String(one).toLowerCase() === other?.toLowerCase();
}

function selected(event: Wire, names: string[]): Wire {
  const wanted = names.map((name) => name.trim().toLowerCase());
  return Object.fromEntries(Object.entries(event).filter(([key]) => wanted.includes(key.toLowerCase())));
}
