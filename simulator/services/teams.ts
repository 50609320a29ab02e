/**
 * Workflows of Teams: "When a Teams webhook request is received", then "Post card in a chat or channel".
 * Sources: Microsoft's pages "Create incoming webhooks with Workflows for Microsoft Teams" (envelope, Adaptive Cards only)
 * and "Send messages in Teams using incoming webhooks" (28 KB), msteams-docs issue 11274 (the trigger answers 202
 * whatever becomes of the card; the size that counts is about 18 % above that of the body), issues about
 * DirectApiAuthorizationRequired (a URL without its signature).
 */
import { isPlain } from '../mergePatch.ts';
import type { World } from '../world.ts';
import { type Exchange, errorAnswer, queryValue, type Service } from './service.ts';

/** What somebody sent to a workflow. */
export interface TeamsPost {
  /** The simulated time. */
  at: string;
  host: string;
  body: unknown;
  /** Bytes of the body. */
  bytes: number;
  /** Why no card appeared in the channel, though the sender got 202; undefined when one did. */
  failure?: string;
}

const SUFFIXES = ['.logic.azure.com', '.api.powerplatform.com', '.logic.azure.us', '.logic.azure.cn'];
const TRIGGER = /\/workflows\/[^/]+\/triggers\/[^/]+\/paths\/invoke$/i;
const CARD = 'application/vnd.microsoft.card.adaptive';
const MOST_BYTES = 28_672;
/** 28,897 bytes were counted for a body of 24,453. */
const INFLATION = { counted: 28_897, sent: 24_453 };

export const teams: Service = {
  name: 'teams',
  serves: (host) => SUFFIXES.some((suffix) => host.endsWith(suffix)),
  async answer(exchange, world) {
    if (!TRIGGER.test(exchange.path)) return errorAnswer(404, 'WorkflowNotFound', 'The workflow could not be found.');
    const { method, url } = exchange;
    if (method !== 'POST') return errorAnswer(405, 'MethodNotAllowed', `The trigger takes POST, not ${method}.`);
    if ((queryValue(url, 'sig') ?? '') === '') {
      const message = 'The request must be authenticated only by Shared Access scheme.';
      return errorAnswer(401, 'DirectApiAuthorizationRequired', message);
    }
    world.teams.push(await received(exchange, world));
    // The flow runs later; its sender never learns how it ended.
    return new Response(null, { status: 202, headers: { 'x-ms-workflow-run-id': crypto.randomUUID() } });
  },
};

async function received({ request, host }: Exchange, world: World): Promise<TeamsPost> {
  const text = await request.text();
  const bytes = Buffer.byteLength(text);
  const body = parsed(text);
  const failure = failureOf(body, Math.ceil((bytes * INFLATION.counted) / INFLATION.sent));
  const post = { at: world.now().toISOString(), host, body, bytes };
  if (failure === undefined) return post;
  world.defects.push({ service: 'teams', message: `a card that never appears: ${failure}` });
  return { ...post, failure };
}

function failureOf(body: unknown, size: number): string | undefined {
  if (!isPlain(body)) return 'the body is not a JSON object';
  if ('@type' in body) return 'MessageCard is not supported; send an Adaptive Card';
  const attachments: unknown[] = Array.isArray(body.attachments) ? body.attachments : [];
  if (body.type !== 'message' || attachments.length === 0)
    return 'the envelope is {"type":"message","attachments":[…]}';
  for (const one of attachments) {
    if (!isPlain(one) || one.contentType !== CARD) return `an attachment's contentType is not ${CARD}`;
    if (!isPlain(one.content) || one.content.type !== 'AdaptiveCard')
      return "an attachment's content is no AdaptiveCard";
  }
  if (size <= MOST_BYTES) return undefined;
  return `MessageSizeExceeded: Message properties size exceeded. Actual message properties size: ${size} bytes, whereas max allowed size is ${MOST_BYTES} bytes`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
