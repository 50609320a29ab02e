import type { Wire } from '../../estate.ts';
import { isPlain } from '../../mergePatch.ts';
import type { World } from '../../world.ts';
import { type Exchange, queryValue } from '../service.ts';
import { graphError, unsupportedQuery } from './graphAnswers.ts';
import { graphPage } from './graphPage.ts';
import { memberIds } from './groups.ts';
import { type Found, findObject, sentWithType } from './objects.ts';
import { contextOf, selectedFields } from './options.ts';

/** Owners, members, transitive members, federated credentials. */
export function answerRelation(
  exchange: Exchange,
  found: Found,
  relation: string,
  cast: string | undefined,
  world: World,
): Response {
  const name = relation.toLowerCase();
  const { id } = found.object;
  if (name === 'federatedidentitycredentials' && found.kind === 'application')
    return answerFederated(exchange.url, found, world);
  if (name === 'owners' && found.kind !== 'user') return answerObjects(exchange, ownerIds(id, world), cast, world);
  if (found.kind === 'group' && (name === 'members' || name === 'transitivemembers')) {
    return answerObjects(exchange, memberIds(id, name === 'transitivemembers', world), cast, world);
  }
  return graphError(400, 'BadRequest', `Resource not found for the segment '${relation}'.`, world);
}

/** A directory's owners by the holder's id in lower case; a step of the timeline brings other owners, not other entries. */
const byHolder = new WeakMap<World['estate']['graph']['owners'], Map<string, string[]>>();

export function ownerIds(holder: string, { estate }: World): string[] {
  const { owners } = estate.graph;
  const known = byHolder.get(owners) ?? new Map(Object.entries(owners).map(([id, own]) => [id.toLowerCase(), own]));
  byHolder.set(owners, known);
  return known.get(holder.toLowerCase()) ?? [];
}

/** An object of any kind; one that the directory does not hold comes with its id alone. */
export function related(id: string, select: string[] | undefined, world: World): Wire {
  const found = findObject(id, world);
  return found === undefined ? { id } : sentWithType(found, select, world);
}

/** The objects of a relation, or those of one kind by an OData cast, which is an advanced query. */
function answerObjects({ url, request }: Exchange, ids: string[], cast: string | undefined, world: World): Response {
  const kind = /^microsoft\.graph\.(\w+)$/i.exec(cast ?? '')?.[1]?.toLowerCase();
  if (cast !== undefined && kind === undefined)
    return graphError(400, 'BadRequest', `Resource not found for the segment '${cast}'.`, world);
  const isEventual = request.headers.get('consistencylevel')?.toLowerCase() === 'eventual';
  const isAdvanced = isEventual && queryValue(url, '$count')?.toLowerCase() === 'true';
  if (kind !== undefined && !isAdvanced) {
    return unsupportedQuery('OData cast needs the ConsistencyLevel header set to eventual and $count=true.', world);
  }
  const found = ids.filter((id) => kind === undefined || findObject(id, world)?.kind.toLowerCase() === kind);
  const context = contextOf(url, kind === undefined ? 'directoryObjects' : `${kind}s`);
  return graphPage(url, context, found, (id) => related(id, selectedFields(url), world), world, isAdvanced);
}

function answerFederated(url: URL, { object }: Found, world: World): Response {
  const stated = object.federatedIdentityCredentials;
  const where = `directoryObjects/$/Microsoft.DirectoryServices.Application('${object.id}')/federatedIdentityCredentials`;
  const value = (Array.isArray(stated) ? stated : []).map((one: unknown) => {
    const credential = isPlain(one) ? one : {};
    return {
      '@odata.id': `${url.origin}/v2/${world.estate.tenantId}/${where}/${String(credential.id)}`,
      ...credential,
    };
  });
  return graphPage(
    url,
    contextOf(url, `applications('${object.id}')/federatedIdentityCredentials`),
    value,
    (one) => one,
    world,
  );
}
