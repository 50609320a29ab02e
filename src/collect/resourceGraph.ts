import type { QueryRequestOptions } from '@azure/arm-resourcegraph';
import type { Azure } from '../azure.ts';
import { UnusableAnswerError } from './attempt.ts';
import { isWireObject, type WireObject } from './send.ts';
import { required } from './wire.ts';

/** One answer holds no more rows, whatever is asked for: facts §3 */
const PAGE = 1000;
/** Microsoft's guidance for throttled Resource Graph requests: fewer than 300 subscriptions a query. */
const SUBSCRIPTIONS_AT_ONCE = 299;

/**
 * The rows of a Resource Graph query over some subscriptions; the query has to project `id` and sort by it, or pages
 * are lost without a word. Rows that the caller may not read are left out in silence, so no row proves nothing.
 */
export async function* resourceGraphRows(
  azure: Azure,
  query: string,
  subscriptions: string[],
): AsyncGenerator<WireObject> {
  for (let from = 0; from < subscriptions.length; from += SUBSCRIPTIONS_AT_ONCE) {
    const group = subscriptions.slice(from, from + SUBSCRIPTIONS_AT_ONCE);
    let skipToken: string | undefined;
    do {
      const options: QueryRequestOptions = { top: PAGE, resultFormat: 'objectArray', ...(skipToken && { skipToken }) };
      const page = await azure.resourceGraph.resources({ query, subscriptions: group, options });
      const rows: unknown = required(page.data, 'data', 'an answer of Resource Graph');
      if (!Array.isArray(rows) || !rows.every(isWireObject)) {
        throw new UnusableAnswerError('Resource Graph answered without a list of rows in data');
      }
      yield* rows;
      skipToken = page.skipToken;
      // The flag alone means nothing: the first of many pages says "false" (wire: resources-query.first-page).
      if (!skipToken && page.resultTruncated === 'true') {
        throw new UnusableAnswerError('Resource Graph cut its answer short and named no next page');
      }
    } while (skipToken);
  }
}
