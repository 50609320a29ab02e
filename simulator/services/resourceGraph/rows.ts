import type { Wire } from '../../estate.ts';
import { fromJson, type KqlColumn, type KqlTable, type Row } from '../../kql/index.ts';
import { nameOf, parseArmPath } from '../../resourceId.ts';
import type { World } from '../../world.ts';

/** Columns of every table, in the order the service gives them. */
export const COLUMNS: KqlColumn[] = [
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

/** Nobody changes a resource in place, so its row is made once: a tenant has a hundred thousand of them. */
const made = new WeakMap<Wire, Row>();

/** Objects as rows. Types, groups and locations are in lower case; what an object lacks is an empty text or null. */
export function tableOf(objects: readonly Wire[], world: World): KqlTable {
  const rows = objects.map((object) => {
    const row = made.get(object) ?? rowOf(object, world);
    made.set(object, row);
    return row;
  });
  return { columns: COLUMNS, rows };
}

function rowOf(object: Wire, world: World): Row {
  const id = String(object.id);
  const at = parseArmPath(id);
  const cells: Wire = {
    name: nameOf(id),
    tenantId: world.estate.tenantId,
    subscriptionId: at.subscriptionId?.toLowerCase(),
    ...object,
    type: lowered(object.type ?? at.type),
    location: lowered(object.location),
    resourceGroup: lowered(object.resourceGroup ?? at.resourceGroup),
  };
  return COLUMNS.map(({ name, type }) => fromJson(cells[name], type));
}

function lowered(value: unknown): unknown {
  return typeof value === 'string' ? value.toLowerCase() : value;
}
