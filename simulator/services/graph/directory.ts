import type { Wire } from '../../estate.ts';
import type { World } from '../../world.ts';
import { type Exchange, queryValue } from '../service.ts';
import { graphFilter } from './filter.ts';
import { denied, graphError, graphJson, notFound, unsupportedQuery } from './graphAnswers.ts';
import { graphPage } from './graphPage.ts';
import { byId, COLLECTIONS, type Found, findObject, type Kind, objectsOf, PERMISSION, sent } from './objects.ts';
import { contextOf, expandedOwners, refuseOptions, selectedFields } from './options.ts';
import { answerRelation, ownerIds, related } from './relations.ts';

/** GET of a collection, of one object, or of a relation of one. */
export function answerDirectory(exchange: Exchange, path: string, world: World): Response {
  const [collection = '', second, third, fourth] = segmentsOf(path);
  const head = /^([a-z]+)(?:\((.*)\))?$/i.exec(collection);
  const name = head?.[1] ?? '';
  if (name.toLowerCase() === 'directoryobjects')
    return answerObject(exchange, findObject(second ?? '', world), second ?? '', world);
  const kind = COLLECTIONS[name.toLowerCase()];
  if (kind === undefined) return graphError(400, 'BadRequest', `Resource not found for the segment '${name}'.`, world);
  const refused = refuseOptions(exchange.url, world);
  if (refused !== undefined) return refused;
  if (world.isDenied(PERMISSION[kind])) return denied(world);
  const key = head?.[2];
  if (key === undefined && second === undefined) return answerList(exchange, kind, world);
  // The key is a segment of its own (`applications/{id}/owners`) or stands in the first (`applications(appId='…')/owners`).
  const [id, relation, cast] = key === undefined ? [second ?? '', third, fourth] : [key, second, third];
  const found = findIn(kind, id, world);
  if (found === undefined) return notFound(id, world);
  if (relation === undefined) return answerObject(exchange, found, id, world);
  return answerRelation(exchange, found, relation, cast, world);
}

function segmentsOf(path: string): string[] {
  const segments = path.split('/').filter((segment) => segment !== '');
  return segments.map(decodeURIComponent);
}

function findIn(kind: Kind, key: string, world: World): Found | undefined {
  const appId = /^appId='([^']+)'$/i.exec(key)?.[1];
  const object =
    appId === undefined
      ? byId(kind, world).get(key.replaceAll("'", '').toLowerCase())
      : objectsOf(kind, world).find((one) => String(one.appId).toLowerCase() === appId.toLowerCase());
  return object === undefined ? undefined : { kind, object };
}

/** application-list.md: an expanded relation holds at most 20 objects. */
const MOST_EXPANDED = 20;

function withOwners(url: URL, found: Found, world: World): Wire {
  const body = sent(found, selectedFields(url), world);
  const expanded = expandedOwners(url);
  if (expanded === undefined) return body;
  const owners = ownerIds(found.object.id, world).slice(0, MOST_EXPANDED);
  return { ...body, owners: owners.map((id) => related(id, expanded.fields, world)) };
}

function answerList({ url }: Exchange, kind: Kind, world: World): Response {
  const filter = graphFilter(queryValue(url, '$filter'), kind);
  if (typeof filter === 'string') return unsupportedQuery(filter, world);
  const items = objectsOf(kind, world).filter(filter);
  return graphPage(url, contextOf(url, `${kind}s`), items, (object) => withOwners(url, { kind, object }, world), world);
}

function answerObject({ url }: Exchange, found: Found | undefined, id: string, world: World): Response {
  if (found === undefined) return notFound(id, world);
  if (world.isDenied(PERMISSION[found.kind])) return denied(world);
  return graphJson({
    '@odata.context': `${contextOf(url, `${found.kind}s`)}/$entity`,
    ...withOwners(url, found, world),
  });
}
