import type { Wire } from '../../estate.ts';
import { fromJson, type KqlColumn, type KqlDatabase, type KqlTable } from '../../kql/index.ts';
import { nameOf, parseArmPath } from '../../resourceId.ts';
import type { World } from '../../world.ts';
import { shown } from '../arm/registry.ts';
import { authorizationRows } from './authorization.ts';
import { changeRows } from './changes.ts';
import { containerRows } from './containers.ts';
import type { QueryRequest } from './request.ts';
import type { QueryScope } from './scope.ts';

/** Columns of every table, in the order the service gives them. */
const COLUMNS: KqlColumn[] = [
  { name: 'id', type: 'string' },
  { name: 'name', type: 'string' },
  { name: 'type', type: 'string' },
  { name: 'tenantId', type: 'string' },
  { name: 'kind', type: 'string' },
  { name: 'location', type: 'string' },
  { name: 'resourceGroup', type: 'string' },
  { name: 'subscriptionId', type: 'string' },
  { name: 'managedBy', type: 'string' },
  { name: 'sku', type: 'dynamic' },
  { name: 'plan', type: 'dynamic' },
  { name: 'properties', type: 'dynamic' },
  { name: 'tags', type: 'dynamic' },
  { name: 'identity', type: 'dynamic' },
  { name: 'zones', type: 'dynamic' },
  { name: 'extendedLocation', type: 'dynamic' },
];

/**
 * Child types that Resource Graph keeps ("tables and resource types"). Tokens, scope maps, diagnostic settings, DNS zone
 * groups and DNS records are not among them.
 */
const CHILD_TYPES = new Set([
  'microsoft.containerregistry/registries/agentpools',
  'microsoft.containerregistry/registries/buildtasks',
  'microsoft.containerregistry/registries/replications',
  'microsoft.containerregistry/registries/taskruns',
  'microsoft.containerregistry/registries/tasks',
  'microsoft.containerregistry/registries/webhooks',
  'microsoft.network/privatednszones/virtualnetworklinks',
]);
/** Namespaces with a table of their own, or with none. */
const ELSEWHERE = ['microsoft.authorization/', 'microsoft.security/', 'microsoft.insights/diagnosticsettings'];

const PREVIEW = '2026-09-01-preview';

type Rows = (asked: QueryRequest, scope: QueryScope, world: World) => Wire[];
const TABLES: Record<string, Rows> = {
  resources: (_asked, scope, world) => resourceRows(scope, world),
  resourcecontainers: (_asked, scope, world) => containerRows(scope, world),
  resourcechanges: (_asked, scope, world) => changeRows(scope, world),
  authorizationresources: authorizationRows,
};

/** The tables under every spelling that the query uses: their names know no letter case. */
export function databaseFor(asked: QueryRequest, scope: QueryScope, world: World): KqlDatabase {
  const tables: Record<string, () => KqlTable> = {};
  for (const [name, rows] of Object.entries(TABLES)) {
    const spellings = asked.query.match(new RegExp(`\\b${name}\\b`, 'gi')) ?? [];
    for (const spelling of new Set([name, ...spellings]))
      tables[spelling] = () => tableOf(rows(asked, scope, world), world);
  }
  return { tables };
}

/** A query that starts with an operator asks about Resources. */
export function withDefaultTable(query: string): string {
  const first = /^\s*(where|project|extend|summarize|order|sort|take|limit|top|count|distinct|join|mv-?expand)\b/i;
  return first.test(query) ? `resources | ${query}` : query;
}

function resourceRows({ subscriptions }: QueryScope, world: World): Wire[] {
  return world.resources.all().flatMap((resource) => {
    const at = parseArmPath(resource.id);
    if (at.type === undefined || at.subscriptionId === undefined) return [];
    if (!subscriptions.has(at.subscriptionId.toLowerCase()) || !isKept(resource.id, at.type.toLowerCase())) return [];
    return world.isDenied(`${at.type}/read`, resource.id) ? [] : [shown(resource, PREVIEW)];
  });
}

function isKept(id: string, type: string): boolean {
  if (ELSEWHERE.some((prefix) => type.startsWith(prefix))) return false;
  if (id.toLowerCase().split('/providers/').length > 2) return false;
  return type.split('/').length === 2 || CHILD_TYPES.has(type);
}

/** Types, groups and locations are in lower case; ids keep theirs. What a resource lacks is an empty text or null. */
function tableOf(rows: Wire[], world: World): KqlTable {
  return {
    columns: COLUMNS,
    rows: rows.map((row) => {
      const cells = { ...implied(row, world), ...row, ...lowered(row) };
      return COLUMNS.map(({ name, type }) =>
        fromJson(Object.hasOwn(cells, name) ? Reflect.get(cells, name) : null, type),
      );
    }),
  };
}

function implied({ id }: Wire, world: World): Wire {
  const at = parseArmPath(String(id));
  return {
    name: nameOf(String(id)),
    type: at.type ?? '',
    tenantId: world.estate.tenantId,
    resourceGroup: at.resourceGroup ?? '',
    subscriptionId: at.subscriptionId?.toLowerCase() ?? '',
  };
}

function lowered(row: Wire): Wire {
  const { type, location, resourceGroup } = { ...parsedNames(row), ...row };
  const entries = Object.entries({ type, location, resourceGroup });
  return Object.fromEntries(
    entries.flatMap(([key, value]) => (typeof value === 'string' ? [[key, value.toLowerCase()]] : [])),
  );
}

function parsedNames({ id }: Wire): Wire {
  const { type, resourceGroup } = parseArmPath(String(id));
  return { type, resourceGroup };
}
