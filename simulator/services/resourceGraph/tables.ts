import type { Wire } from '../../estate.ts';
import type { KqlDatabase, KqlTable } from '../../kql/index.ts';
import type { World } from '../../world.ts';
import { authorizationRows } from './authorization.ts';
import { changeRows } from './changes.ts';
import { containerRows } from './containers.ts';
import type { QueryRequest } from './request.ts';
import { resourceRows } from './resources.ts';
import { tableOf } from './rows.ts';
import type { QueryScope } from './scope.ts';

type Objects = (asked: QueryRequest, scope: QueryScope, world: World) => Wire[];
const TABLES: Record<string, Objects> = {
  resources: (_asked, scope, world) => resourceRows(scope, world),
  resourcecontainers: (_asked, scope, world) => containerRows(scope, world),
  resourcechanges: (_asked, scope, world) => changeRows(scope, world),
  authorizationresources: authorizationRows,
};

/** The tables under every spelling that the query uses: their names know no letter case. */
export function databaseFor(asked: QueryRequest, scope: QueryScope, world: World): KqlDatabase {
  const tables: Record<string, () => KqlTable> = {};
  for (const [name, objects] of Object.entries(TABLES)) {
    const spellings = asked.query.match(new RegExp(`\\b${name}\\b`, 'gi')) ?? [];
    for (const spelling of new Set([name, ...spellings]))
      tables[spelling] = () => tableOf(objects(asked, scope, world), world);
  }
  return { tables };
}

/** A query that starts with an operator asks about Resources. */
export function withDefaultTable(query: string): string {
  const first = /^\s*(where|project|extend|summarize|order|sort|take|limit|top|count|distinct|join|mv-?expand)\b/i;
  return first.test(query) ? `resources | ${query}` : query;
}
