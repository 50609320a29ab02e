import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';

/** An object as Azure sends it; only what the simulator itself reads is checked. */
export type Wire = Record<string, unknown>;

const wire = z.looseObject({});
const moment = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)), 'must be an ISO time such as 2026-11-24T06:00:00Z');
// Some services write their ids without the first slash.
const resourceId = z
  .string()
  .regex(/^\/?(subscriptions|providers)\//i, 'must be a full resource id: /subscriptions/… or /providers/…');
const resource = z.looseObject({ id: resourceId });
const identified = z.looseObject({ id: z.string().min(1) });
const denial = z.strictObject({ action: z.string().min(1), scope: z.string().min(1).optional() });

const graph = z.strictObject({
  servicePrincipals: z.array(identified).optional(),
  applications: z.array(identified).optional(),
  groups: z.array(z.looseObject({ id: z.string(), members: z.array(z.string()).nullish() })).optional(),
  users: z.array(identified).optional(),
  owners: z.record(z.string(), z.array(z.string())).optional(),
});

const vaults = z.record(z.string(), z.array(wire));
const dataPlane = z.record(z.string(), wire);

const step = z
  .strictObject({
    at: moment,
    by: z.string().optional(),
    merge: resource.optional(),
    remove: resourceId.optional(),
    denied: z.array(denial).optional(),
    graph: graph.optional(),
    vaults: vaults.optional(),
    dataPlane: dataPlane.optional(),
  })
  .refine(
    (one) =>
      [one.merge, one.remove, one.denied, one.graph, one.vaults, one.dataPlane].some((part) => part !== undefined),
    'does nothing: give it merge, remove, denied, graph, vaults or dataPlane',
  );

/** Ids are the same in any letter case: of two resources with one id, which is the truth? */
function refuseTwins(resources: { id: string }[], context: z.RefinementCtx): void {
  const seen = new Map<string, number>();
  for (const [index, { id }] of resources.entries()) {
    const first = seen.get(id.toLowerCase());
    if (first === undefined) seen.set(id.toLowerCase(), index);
    else context.addIssue({ code: 'custom', path: [index, 'id'], message: `is the id of [${first}] too: ${id}` });
  }
}

const estate = z.strictObject({
  $schema: z.string().optional(),
  name: z.string().optional(),
  now: moment.optional(),
  tenantId: z.string().min(1),
  managementGroups: z
    .record(z.string(), z.strictObject({ parent: z.string().nullish(), subscriptions: z.array(z.string()).optional() }))
    .optional(),
  subscriptions: z.array(z.looseObject({ subscriptionId: z.string().min(1) })).optional(),
  resources: z.array(resource).superRefine(refuseTwins).optional(),
  usages: z.record(z.string(), z.array(wire)).optional(),
  graph: graph.optional(),
  vaults: vaults.optional(),
  changes: z.array(wire).optional(),
  activityLog: z.array(wire).optional(),
  logs: z.record(z.string(), z.array(wire)).optional(),
  metrics: z.record(z.string(), z.record(z.string(), z.array(wire))).optional(),
  dataPlane: dataPlane.optional(),
  denied: z.array(denial).optional(),
  timeline: z.array(step).optional(),
});

/** An estate file, wire-shaped: all keys but `tenantId` are optional, unknown ones at the top are refused. */
export type EstateFile = z.infer<typeof estate>;
export type TimelineStep = z.infer<typeof step>;
export type Denial = z.infer<typeof denial>;

/**
 * Checks an estate and returns it.
 * @param where names the file or the place in the error, which lists every problem with its path.
 */
export function parseEstate(json: unknown, where: string): EstateFile {
  const parsed = estate.safeParse(json);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `  ${place(issue.path)}: ${issue.message}`);
  throw new EstateError(`${where} is not an estate file:\n${problems.join('\n')}`);
}

/** Its message has a line for each problem. */
class EstateError extends Error {
  override name = 'EstateError';
}

function place(path: readonly PropertyKey[]): string {
  if (path.length === 0) return '(top level)';
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}

/**
 * Reads an estate: a name means `simulator/estates/<name>.json`, anything with a slash or `.json` a file.
 * @throws an error that names the file and every problem in it.
 */
export function loadEstate(nameOrFile: string): EstateFile {
  const isFile = nameOrFile.endsWith('.json') || nameOrFile.includes('/') || nameOrFile.includes('\\');
  const file = isFile ? nameOrFile : join(import.meta.dirname, 'estates', `${nameOrFile}.json`);
  if (!existsSync(file)) {
    throw new Error(`estate '${nameOrFile}': there is no ${isFile ? file : `simulator/estates/${nameOrFile}.json`}`);
  }
  const parsed = parseEstate(jsonIn(file), file);
  return parsed.name === undefined ? { ...parsed, name: basename(file, '.json') } : parsed;
}

function jsonIn(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Error(`cannot read the estate ${file}`, { cause });
  }
  try {
    // Some editors begin a file with a byte order mark.
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (cause) {
    throw new Error(`${file} is not JSON`, { cause });
  }
}
