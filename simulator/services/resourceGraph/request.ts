import { z } from 'zod';
import type { World } from '../../world.ts';
import { badRequest } from './queryErrors.ts';

const MOST_ROWS = 1000;

const scopeFilter = z.enum(['AtScopeAndBelow', 'AtScopeAndAbove', 'AtScopeExact', 'AtScopeAboveAndBelow']);
/** Unknown options are ignored, as the service does: `top` without its dollar sign is one. */
const body = z.object({
  query: z.string().min(1),
  subscriptions: z.array(z.string()).nullish(),
  managementGroups: z.array(z.string()).nullish(),
  facets: z.array(z.unknown()).nullish(),
  options: z
    .object({
      $top: z.int().min(1).max(MOST_ROWS).nullish(),
      $skip: z.int().min(0).nullish(),
      $skipToken: z.string().nullish(),
      resultFormat: z.enum(['objectArray', 'table']).nullish(),
      authorizationScopeFilter: scopeFilter.nullish(),
    })
    .nullish(),
});

export interface QueryRequest {
  query: string;
  subscriptions: string[];
  managementGroups: string[];
  top: number;
  skip: number;
  format: 'objectArray' | 'table';
  scopeFilter: z.infer<typeof scopeFilter>;
}

/** The request, its page token read; or the 400 that says what is wrong with it. */
export function readRequest(text: string, world: World): QueryRequest | Response {
  const parsed = body.safeParse(parsedJson(text));
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(({ path, message }) => ({
      code: 'InvalidRequest',
      message: `${path.map(String).join('.') || 'body'}: ${message}`,
    }));
    return badRequest(wrong, world);
  }
  const { query, subscriptions, managementGroups, options, facets } = parsed.data;
  if ((facets?.length ?? 0) > 0) {
    world.defects.push({ service: 'resourceGraph', message: 'facets were asked for; the simulator has none' });
    return badRequest([{ code: 'InvalidFacets', message: 'The simulator does not know facets.' }], world);
  }
  const offset = readToken(options?.$skipToken ?? undefined, query);
  if (offset === undefined) {
    const message = 'The skip token is not valid, or belongs to another query.';
    return badRequest([{ code: 'InvalidSkipToken', message }], world);
  }
  return {
    query,
    subscriptions: subscriptions ?? [],
    managementGroups: managementGroups ?? [],
    top: options?.$top ?? MOST_ROWS,
    skip: offset === 0 ? (options?.$skip ?? 0) : offset,
    format: options?.resultFormat ?? 'objectArray',
    scopeFilter: options?.authorizationScopeFilter ?? 'AtScopeAndBelow',
  };
}

/** A token says where the next page starts, and in which query. */
export function pageToken(offset: number, query: string): string {
  return Buffer.from(JSON.stringify({ offset, query })).toString('base64');
}

function readToken(token: string | undefined, query: string): number | undefined {
  if (token === undefined) return 0;
  const parsed = z
    .object({ offset: z.int().min(0), query: z.literal(query) })
    .safeParse(parsedJson(Buffer.from(token, 'base64').toString()));
  return parsed.data?.offset;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
