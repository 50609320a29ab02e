import { createHttpHeaders, createPipelineRequest, type HttpClient } from '@azure/core-rest-pipeline';
import type { TeamsMessage } from './card.ts';

/** Why a workflow did not take a card. */
interface Refusal {
  reason: string;
  /** whether it is this card that it does not take: it may take others */
  isOfCard: boolean;
}

/** Posts a card; resolves with undefined when the workflow took it. */
export type Post = (message: TeamsMessage) => Promise<Refusal | undefined>;

/** What is wrong with a body: bad request, and too large. */
const OF_CARD = [400, 413];

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
      if (status >= 200 && status < 300) return undefined;
      return { reason: `the Teams workflow answered ${status}`, isOfCard: OF_CARD.includes(status) };
    } catch (error) {
      // Only the kind of the error: its message may hold the address.
      const kind = error instanceof Error ? error.name : 'error';
      return { reason: `the Teams workflow could not be reached (${kind})`, isOfCard: false };
    }
  };
}
