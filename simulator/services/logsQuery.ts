/**
 * The query API of Log Analytics over the simulated workspace.
 * Sources: npm @azure/monitor-query-logs 1.0.0 `dist/esm` (paths, timespan texts, Prefer), azure-rest-api-specs
 * `monitor/data-plane/OperationalInsights` v1 and its examples, Microsoft's pages "Azure Monitor Log Analytics API" -
 * request format, response format (numbers as numbers), errors, timeouts and limits (200 requests in 30 seconds) - and
 * the SDKs' recordings and troubleshooting guides (SYN0002, SEM0100 and their nesting).
 */
import { z } from 'zod';
import { KqlError, type KqlOptions, KqlUnsupportedError, runKql, toJson } from '../kql/index.ts';
import type { World } from '../world.ts';
import { invalidQuery, logsError } from './logsQuery/logsErrors.ts';
import { timeRangeOf } from './logsQuery/timespan.ts';
import { SIMULATED_WORKSPACE, workspaceDatabase } from './logsQuery/workspace.ts';
import { type Exchange, json, queryValue, type Service } from './service.ts';

/** Host and token audience; the new public host takes the old one's tokens. */
const AUDIENCES: Record<string, string[]> = {
  'api.loganalytics.io': ['https://api.loganalytics.io'],
  'api.loganalytics.azure.com': ['https://api.loganalytics.azure.com', 'https://api.loganalytics.io'],
  'api.loganalytics.us': ['https://api.loganalytics.us'],
  'api.loganalytics.azure.cn': ['https://api.loganalytics.azure.cn'],
};

const CALLS = { size: 200, perSecond: 200 / 30 };
const READ = 'Microsoft.OperationalInsights/workspaces/query/read';

const asked = z.object({
  query: z.string().min(1),
  timespan: z.string().nullish(),
  workspaces: z.array(z.string()).nullish(),
});
type Asked = z.infer<typeof asked>;

export const logsQuery: Service = {
  name: 'logsQuery',
  serves: (host) => Object.hasOwn(AUDIENCES, host),
  async answer(exchange, world) {
    const refused = refuse(exchange, world);
    if (refused !== undefined) return refused;
    const target = /^\/v1\/(.+)\/query$/i.exec(exchange.path)?.[1];
    if (target === undefined || !['GET', 'POST'].includes(exchange.method))
      return logsError(404, 'PathNotFoundError', 'The requested path does not exist', world);
    if (!isOurs(target)) return logsError(404, 'WorkspaceNotFoundError', 'The workspace could not be found', world);
    if (world.isDenied(READ, SIMULATED_WORKSPACE.resourceId)) {
      const message = 'The provided credentials have insufficient access to perform the requested operation';
      return logsError(403, 'InsufficientAccessError', message, world);
    }
    const question = await read(exchange);
    return question === undefined ? invalidBody('The body needs a query.', world) : answerQuestion(question, world);
  },
};

function refuse({ request, caller, host }: Exchange, world: World): Response | undefined {
  if (request.headers.get('authorization') === null) {
    return logsError(401, 'AuthorizationRequiredError', 'Valid authentication was not provided', world);
  }
  if (caller === undefined || AUDIENCES[host]?.includes(caller.audience) !== true) {
    const message = 'The provided authentication is not valid for this resource';
    const inner = { code: 'SignatureVerificationFailed', message: 'Could not validate the request' };
    return logsError(403, 'InvalidTokenError', message, world, inner);
  }
  const taken = world.quotas.take(`logs ${caller.objectId}`, CALLS);
  if (taken.allowed) return undefined;
  const throttled = logsError(429, 'ThrottledError', 'The request was throttled.', world);
  throttled.headers.set('retry-after', String(taken.retryAfter));
  return throttled;
}

/** By the workspace's own id, or by its resource id. */
function isOurs(target: string): boolean {
  const wanted = [`workspaces/${SIMULATED_WORKSPACE.id}`, SIMULATED_WORKSPACE.resourceId.slice(1)];
  return wanted.some((one) => one.toLowerCase() === target.toLowerCase());
}

async function read({ method, request, url }: Exchange): Promise<Asked | undefined> {
  if (method === 'GET') {
    return asked.safeParse({ query: queryValue(url, 'query'), timespan: queryValue(url, 'timespan') }).data;
  }
  const body: unknown = await request.json().catch(() => undefined);
  return asked.safeParse(body).data;
}

function invalidBody(message: string, world: World): Response {
  const inner = { code: 'InvalidRequestBody', message };
  return logsError(400, 'BadArgumentError', 'The request had some invalid properties', world, inner);
}

function answerQuestion({ query, timespan, workspaces }: Asked, world: World): Response {
  const others = workspaces?.filter((one) => one.toLowerCase() !== SIMULATED_WORKSPACE.id) ?? [];
  if (others.length > 0) return invalidBody(`There is no workspace '${others.join("', '")}'.`, world);
  const options: KqlOptions = { database: workspaceDatabase(world), now: world.now() };
  if (timespan !== null && timespan !== undefined) {
    const range = timeRangeOf(timespan, world.now());
    if (range === undefined) return invalidBody(`The timespan '${timespan}' is not an ISO 8601 interval.`, world);
    options.timeRange = range;
  }
  try {
    const { columns, rows } = runKql(query, options);
    const printed = rows.map((row) => columns.map(({ type }, index) => toJson(row[index] ?? null, type)));
    return json(200, { tables: [{ name: 'PrimaryResult', columns, rows: printed }] });
  } catch (error) {
    if (error instanceof KqlUnsupportedError)
      world.defects.push({ service: 'logsQuery', message: `${error.message}, in: ${query}` });
    if (error instanceof KqlError) return invalidQuery(error, query, world);
    throw error;
  }
}
