import { isPlain } from '../../mergePatch.ts';
import type { World } from '../../world.ts';
import type { Exchange } from '../service.ts';
import { denied, graphError, graphJson } from './graphAnswers.ts';
import { findObject, PERMISSION, sentWithType } from './objects.ts';

const MOST_IDS = 1000;

/**
 * `POST /directoryObjects/getByIds`. Ids that are nobody's are absent from the answer, without a word; so are those of
 * kinds that the caller has no permission to read.
 */
export async function answerGetByIds({ request, url }: Exchange, world: World): Promise<Response> {
  if (world.isDenied(PERMISSION.servicePrincipal)) return denied(world);
  const body = await request.json().catch(() => undefined);
  const ids: unknown = isPlain(body) ? body.ids : undefined;
  if (!isTextList(ids))
    return graphError(400, 'Request_BadRequest', "Invalid value specified for property 'ids' of resource ''.", world);
  if (ids.length > MOST_IDS) {
    const message = `Too many object identifiers: ${ids.length}. A maximum of ${MOST_IDS} ids can be specified.`;
    return graphError(400, 'Request_BadRequest', message, world);
  }
  const types: unknown = isPlain(body) ? (body.types ?? []) : [];
  if (!isTextList(types))
    return graphError(400, 'Request_BadRequest', "Invalid value specified for property 'types' of resource ''.", world);
  const wanted = types.map((type) => type.toLowerCase()).filter((type) => type !== 'directoryobject');
  const value = [...new Set(ids)].flatMap((id) => {
    const found = findObject(id, world);
    if (found === undefined || world.isDenied(PERMISSION[found.kind])) return [];
    return wanted.length === 0 || wanted.includes(found.kind.toLowerCase())
      ? [sentWithType(found, undefined, world)]
      : [];
  });
  return graphJson({ '@odata.context': `${url.origin}/v1.0/$metadata#directoryObjects`, value });
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
