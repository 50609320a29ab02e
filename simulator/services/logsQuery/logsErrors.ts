import type { KqlError } from '../../kql/index.ts';
import { guid } from '../../trace.ts';
import type { World } from '../../world.ts';
import { json } from '../service.ts';

interface Inner {
  code: string;
  message: string;
  line?: number;
  pos?: number;
  token?: string;
  innererror?: Inner;
}

export function logsError(status: number, code: string, message: string, world: World, innererror?: Inner): Response {
  const correlationId = guid(`logs query ${world.requests.length}`);
  return json(status, { error: { message, code, correlationId, ...(innererror === undefined ? {} : { innererror }) } });
}

/** What the binder complains about when the text itself is no query. */
const SYNTAX = /expected|missing|unexpected|malformed|unterminated|bracketed|incomplete/i;

/** A query that cannot be parsed, or that names what is not there: the reason stands two levels deep. */
export function invalidQuery(error: KqlError, query: string, world: World): Response {
  const inner = SYNTAX.test(error.message) ? syntaxError(error, query) : semanticError(error);
  return logsError(400, 'BadArgumentError', 'The request had some invalid properties', world, inner);
}

function syntaxError({ message, position }: KqlError, query: string): Inner {
  const outer = { code: 'SyntaxError', message: 'A recognition error occurred in the query.' };
  if (position === undefined) return { ...outer, innererror: { code: 'SYN0002', message } };
  const token = query.slice(position.start, position.start + position.length);
  // Lines count from 1, places in a line from 0.
  const { line } = position;
  const pos = position.column - 1;
  const parsed = `Query could not be parsed at '${token}' on line [${line},${pos}]`;
  return { ...outer, innererror: { code: 'SYN0002', message: parsed, line, pos, token } };
}

function semanticError({ message }: KqlError): Inner {
  return {
    code: 'SemanticError',
    message: 'A semantic error occurred.',
    innererror: { code: 'SEM0100', message },
  };
}
