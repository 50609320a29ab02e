import type { KqlError } from '../../kql/index.ts';
import { guid } from '../../trace.ts';
import type { World } from '../../world.ts';
import { json } from '../service.ts';

interface Detail {
  code: string;
  message: string;
  line?: number;
  characterPositionInLine?: number;
  token?: string;
}

const INVALID =
  'Query is invalid. Please refer to the documentation for the Azure Resource Graph service and fix the error before retrying.';

/** What is wrong stands in the details; the message only says what to tell the support. */
export function badRequest(details: Detail[], world: World): Response {
  return failure(400, 'BadRequest', details, world);
}

export function invalidQuery(error: KqlError, query: string, world: World): Response {
  const { position } = error;
  const place =
    position === undefined
      ? { line: -1, characterPositionInLine: -1 }
      : {
          line: position.line,
          characterPositionInLine: position.column,
          token: query.slice(position.start, position.start + position.length),
        };
  // The service says only ParserFailure; its words are less help than the interpreter's.
  const detail = { code: 'ParserFailure', message: error.message, ...place };
  return badRequest([{ code: 'InvalidQuery', message: INVALID }, detail], world);
}

/** Good KQL, but not of the subset. */
export function refusedLanguage(token: string, world: World): Response {
  const place = { line: -1, characterPositionInLine: -1, token };
  const detail = { code: 'InvalidQueryLanguage', message: 'InvalidQueryLanguage', ...place };
  return badRequest([{ code: 'InvalidQuery', message: INVALID }, detail], world);
}

export function rateLimited(retryAfter: number, world: World): Response {
  const message =
    'Client application has been throttled and should not attempt to repeat the request until an amount of time has elapsed. Please see https://aka.ms/resourcegraph-throttling for help.';
  return failure(429, 'RateLimiting', [{ code: 'RateLimiting', message }], world, {
    'retry-after': String(retryAfter),
  });
}

function failure(
  status: number,
  code: string,
  details: Detail[],
  world: World,
  headers: Record<string, string> = {},
): Response {
  const timestamp = world.now().toISOString().replace('Z', '0000Z');
  const correlationId = guid(`resource graph ${world.requests.length}`);
  const message = `Please provide below info when asking for support: timestamp = ${timestamp}, correlationId = ${correlationId}.`;
  return json(status, { error: { code, message, details } }, headers);
}
