/**
 * Azure Resource Graph: one POST, a query over what the caller may read.
 * Sources: npm @azure/arm-resourcegraph 5.0.0 `dist/esm` (path, version, `$top` `$skip` `$skipToken`), azure-rest-api-specs
 * `Microsoft.ResourceGraph/stable/2024-04-01` and its examples (answer, string `resultTruncated`), Microsoft's pages "Work
 * with large Azure resource data sets" (1,000 records a page, `id` for paging), "Understand the query language" (tables,
 * Resources as the default), "Get resource changes" (14 days), "Guidance for throttled requests" (15 queries in 5
 * seconds), "Azure Resource Graph tables and resource types"; error bodies as quoted in issues. Answers measured by
 * others: a scope that may not be read is dropped in silence, unknown options are ignored, and `resultTruncated` is
 * "false" beside a `$skipToken`.
 */
import { CLOUDS } from '../clouds.ts';
import { type KqlDatabase, KqlError, type KqlTable, KqlUnsupportedError, runKql } from '../kql/index.ts';
import type { World } from '../world.ts';
import { refuseVersion } from './arm/apiVersions.ts';
import { authorizationFailed } from './arm/armAnswers.ts';
import { refuseToken } from './arm.ts';
import { refusedWord } from './resourceGraph/language.ts';
import { pageOf } from './resourceGraph/page.ts';
import { badRequest, invalidQuery, rateLimited, refusedLanguage } from './resourceGraph/queryErrors.ts';
import { readRequest } from './resourceGraph/request.ts';
import { scopeOf } from './resourceGraph/scope.ts';
import { databaseFor, withDefaultTable } from './resourceGraph/tables.ts';
import { takeQuery } from './resourceGraph/window.ts';
import { type Exchange, queryValue, type Service } from './service.ts';

const TYPE = 'Microsoft.ResourceGraph/resources';
const PATH = /^\/providers\/microsoft\.resourcegraph\/resources$/i;

export const resourceGraph: Service = {
  name: 'resourceGraph',
  serves: (host, path) => PATH.test(path) && CLOUDS.some((cloud) => cloud.arm === host),
  async answer(exchange, world) {
    const refused =
      refuseToken(exchange, { scope: '', names: [], collection: true }, world) ??
      refuseVersion(queryValue(exchange.url, 'api-version'), TYPE, true);
    if (refused !== undefined) return refused;
    if (exchange.method !== 'POST') return badRequest([{ code: 'MethodNotAllowed', message: 'Use POST.' }], world);
    if (world.isDenied(`${TYPE}/read`)) return authorizationFailed(exchange, `${TYPE}/read`, '/');
    const taken = takeQuery(String(exchange.caller?.objectId), world);
    const response = taken.allowed ? await answerQuery(exchange, world) : rateLimited(taken.resetsAfter, world);
    response.headers.set('x-ms-user-quota-remaining', String(taken.remaining));
    response.headers.set('x-ms-user-quota-resets-after', `00:00:0${taken.resetsAfter}`);
    return response;
  },
};

async function answerQuery({ request }: Exchange, world: World): Promise<Response> {
  const asked = readRequest(await request.text(), world);
  if (asked instanceof Response) return asked;
  const scope = scopeOf(asked, world);
  if (scope instanceof Response) return scope;
  const query = withDefaultTable(asked.query);
  const database = databaseFor(asked, scope, world);
  const refused = refusedWord(query, Object.keys(database.tables));
  if (refused !== undefined) return refusedLanguage(refused, world);
  const result = run(query, database, world);
  return result instanceof Response ? result : pageOf(result, asked, world);
}

function run(query: string, database: KqlDatabase, world: World): KqlTable | Response {
  try {
    return runKql(query, { database, now: world.now() });
  } catch (error) {
    if (error instanceof KqlUnsupportedError)
      world.defects.push({ service: 'resourceGraph', message: `${error.message}, in: ${query}` });
    if (error instanceof KqlError) return invalidQuery(error, query, world);
    throw error;
  }
}
