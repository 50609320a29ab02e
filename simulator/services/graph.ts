/**
 * Microsoft Graph v1.0, the reading part of the directory.
 * Sources: microsoft-graph-docs-contrib `api-reference/v1.0/api/{application-list,serviceprincipal-list,directoryobject-getbyids,
 * application-list-owners,group-list-transitivemembers,application-list-federatedidentitycredentials}.md`,
 * `concepts/{throttling-limits,json-batching,errors,aad-advanced-queries}.md`, `includes/limited-info.md` (an object whose
 * type the caller may not read comes with its type and id only, the rest null).
 */
import { CLOUDS } from '../clouds.ts';
import type { World } from '../world.ts';
import { answerBatch } from './graph/batch.ts';
import { answerDirectory } from './graph/directory.ts';
import { answerGetByIds } from './graph/getByIds.ts';
import { graphError } from './graph/graphAnswers.ts';
import { takeUnits } from './graph/graphQuota.ts';
import type { Exchange, Service } from './service.ts';

export const graph: Service = {
  name: 'graph',
  serves: (host) => CLOUDS.some((cloud) => cloud.graph === host),
  async answer(exchange, world) {
    const refused = refuseToken(exchange, world);
    if (refused !== undefined) return refused;
    const match = /^\/v1\.0(\/.*)$/.exec(exchange.path);
    if (match?.[1] === undefined) return graphError(400, 'BadRequest', `Invalid version in '${exchange.path}'.`, world);
    if (exchange.method === 'POST' && match[1].toLowerCase() === '/$batch') {
      return answerBatch(exchange, world, (one) => answerOne(one, one.path.slice('/v1.0'.length), world));
    }
    return answerOne(exchange, match[1], world);
  },
};

/** One request, alone or out of a batch; each takes its own resource units. */
async function answerOne(exchange: Exchange, path: string, world: World): Promise<Response> {
  const units = takeUnits(exchange, path, world);
  if (units instanceof Response) return units;
  const response = await route(exchange, path, world);
  for (const [name, value] of Object.entries(units)) response.headers.set(name, value);
  return response;
}

async function route(exchange: Exchange, path: string, world: World): Promise<Response> {
  const isGetByIds = /^\/directoryobjects\/(microsoft\.graph\.)?getbyids$/i.test(path);
  if (exchange.method === 'POST' && isGetByIds) return answerGetByIds(exchange, world);
  if (exchange.method === 'GET') return answerDirectory(exchange, path, world);
  world.defects.push({ service: 'graph', message: `${exchange.method} ${exchange.path}: an auditor only reads` });
  return graphError(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.', world);
}

function refuseToken({ request, caller, host }: Exchange, world: World): Response | undefined {
  const unauthorized = (message: string): Response => graphError(401, 'InvalidAuthenticationToken', message, world);
  if (request.headers.get('authorization') === null) return unauthorized('Access token is empty.');
  if (caller === undefined) return unauthorized('CompactToken parsing failed with error code: 80049217');
  const audiences = CLOUDS.find((cloud) => cloud.graph === host)?.graphAudiences ?? [];
  return audiences.includes(caller.audience)
    ? undefined
    : unauthorized('Access token validation failure. Invalid audience.');
}
