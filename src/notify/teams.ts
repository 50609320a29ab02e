import { createHttpHeaders, createPipelineRequest, type HttpClient } from '@azure/core-rest-pipeline';
import type { TeamsMessage } from './card.ts';

/** Posts a card; resolves with undefined when the workflow took it, with the reason when not. */
export type Post = (message: TeamsMessage) => Promise<string | undefined>;

/** How long a workflow may take to answer, milliseconds. */
const TIMEOUT_MS = 30_000;

/**
 * A way to post to the workflow whose address `url` gives: whoever has it can post, so it is a secret and stands in no
 * message.
 */
export function posting(url: () => Promise<string>, client: HttpClient): Post {
  return async (message) => {
    try {
      const request = createPipelineRequest({
        url: await url(),
        method: 'POST',
        timeout: TIMEOUT_MS,
        headers: createHttpHeaders({ 'content-type': 'application/json' }),
        body: JSON.stringify(message),
      });
      const { status } = await client.sendRequest(request);
      // The trigger answers 202 before the card is posted: facts §5.4
      return status >= 200 && status < 300 ? undefined : `the Teams workflow answered ${status}`;
    } catch (error) {
      // Only the kind of the error: its message may hold the address.
      return `the Teams workflow could not be reached (${error instanceof Error ? error.name : 'error'})`;
    }
  };
}
