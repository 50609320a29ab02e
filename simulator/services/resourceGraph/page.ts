import { type KqlColumn, type KqlTable, type KqlType, type KqlValue, toJson } from '../../kql/index.ts';
import type { World } from '../../world.ts';
import { json } from '../service.ts';
import { pageToken, type QueryRequest } from './request.ts';

/** One page of a result. Only a result with an `id` can be paged; of any other, what does not fit is lost. */
export function pageOf({ columns, rows }: KqlTable, asked: QueryRequest, world: World): Response {
  const size = Math.min(asked.top, world.options.pageSize ?? asked.top);
  const page = rows.slice(asked.skip, asked.skip + size);
  const next = asked.skip + page.length;
  const isMore = next < rows.length;
  const canPage = columns.some((column) => column.name === 'id');
  const cells = page.map((row) => columns.map(({ type }, index) => cellOf(row[index] ?? null, type)));
  return json(200, {
    totalRecords: rows.length,
    count: page.length,
    data: asked.format === 'table' ? tableOf(columns, cells) : cells.map((row) => objectOf(columns, row)),
    facets: [],
    // "false" beside a token: the flag does not answer whether there is more.
    resultTruncated: isMore && !canPage ? 'true' : 'false',
    ...(isMore && canPage ? { $skipToken: pageToken(next, asked.query) } : {}),
  });
}

/** Dynamic values come as JSON, not as the text that Log Analytics makes of them. */
function cellOf(value: KqlValue, type: KqlType): unknown {
  const printed = toJson(value, type);
  return type === 'dynamic' && typeof value !== 'string' && typeof printed === 'string' ? JSON.parse(printed) : printed;
}

function objectOf(columns: readonly KqlColumn[], row: unknown[]): Record<string, unknown> {
  return Object.fromEntries(columns.map(({ name }, index) => [name, row[index]]));
}

const TYPES: Partial<Record<KqlType, string>> = {
  long: 'integer',
  int: 'integer',
  real: 'number',
  decimal: 'number',
  bool: 'boolean',
  dynamic: 'object',
};

function tableOf(columns: readonly KqlColumn[], rows: unknown[][]): object {
  return { columns: columns.map(({ name, type }) => ({ name, type: TYPES[type] ?? 'string' })), rows };
}
