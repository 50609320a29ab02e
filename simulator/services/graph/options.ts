import type { World } from '../../world.ts';
import { queryValue } from '../service.ts';
import { unsupportedQuery } from './graphAnswers.ts';

/** Query options the simulator knows; saying no to the rest is better than ignoring it. */
const KNOWN = ['$select', '$top', '$filter', '$skiptoken', '$expand', '$count'];
const EXPAND_OWNERS = /^owners(?:\(\$select=([\w,]+)\))?$/i;

export function refuseOptions(url: URL, world: World): Response | undefined {
  const unknown = [...url.searchParams.keys()].find(
    (name) => name.startsWith('$') && !KNOWN.includes(name.toLowerCase()),
  );
  if (unknown !== undefined)
    return unsupportedQuery(`The simulator does not know the query option '${unknown}'.`, world);
  const expand = queryValue(url, '$expand');
  if (expand === undefined || EXPAND_OWNERS.test(expand)) return undefined;
  return unsupportedQuery(`The simulator expands owners only, not '${expand}'.`, world);
}

/** The selected fields; `undefined` for all of them. */
export function selectedFields(url: URL): string[] | undefined {
  return fieldsOf(queryValue(url, '$select'));
}

/** What `$expand=owners` asks of each owner; `undefined` when it was not asked for. */
export function expandedOwners(url: URL): { fields: string[] | undefined } | undefined {
  const match = EXPAND_OWNERS.exec(queryValue(url, '$expand') ?? '');
  return match === null ? undefined : { fields: fieldsOf(match[1]) };
}

function fieldsOf(list: string | undefined): string[] | undefined {
  const fields = list?.split(',').map((field) => field.trim());
  const named = fields?.filter((field) => field !== '') ?? [];
  return named.length === 0 ? undefined : named;
}

/** `@odata.context` of a set of objects. */
export function contextOf(url: URL, set: string): string {
  const select = selectedFields(url);
  return `${url.origin}/v1.0/$metadata#${set}${select === undefined ? '' : `(${select.join(',')})`}`;
}
