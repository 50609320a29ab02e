import { createHttpHeaders, type PipelineRequest, type PipelineResponse } from '@azure/core-rest-pipeline';
import * as z from 'zod';
import { jsonOf } from './json.ts';

// Base costs of what we ask of Graph, in resource units of its quota for identity and access; what is not listed costs 1,
// also what is asked of one application, principal or user. The kind of members that is asked for changes nothing.
// Source: "Microsoft Graph service-specific throttling limits"; facts §2.
const COSTS: [RegExp, number][] = [
  [/\/directoryObjects\/getByIds$/i, 3],
  [/\/groups\/[^/]+\/transitiveMembers(\/|$)/i, 5],
  [/\/(applications|users)$/i, 2],
];
/** A smaller page than this is cheaper. */
const SMALL_PAGE = 20;

/** The resource units that a request to Graph takes; those of a batch are what is asked inside it. */
export function unitsOf(request: PipelineRequest): number {
  return askedIn(request).reduce((sum, address) => sum + costOf(address), 0);
}

/** The address of a request, or those inside a batch. */
function askedIn({ url, body }: PipelineRequest): string[] {
  return isBatch(url) ? [...String(body).matchAll(/"url":"([^"]*)"/g)].map(([, path = '']) => path) : [url];
}

/** An address, or the path of a request inside a batch. */
function costOf(address: string): number {
  const { pathname, searchParams } = new URL(address, 'https://graph');
  const [, base] = COSTS.find(([path]) => path.test(pathname)) ?? [undefined, 1];
  const isSmall = Number(searchParams.get('$top') ?? SMALL_PAGE) < SMALL_PAGE;
  return Math.max(
    1,
    base - Number(searchParams.has('$select')) - Number(isSmall) + Number(searchParams.has('$expand')),
  );
}

const Batch = z.object({
  responses: z.array(z.object({ headers: z.record(z.string(), z.union([z.string(), z.number()])).catch({}) })),
});

/**
 * What an answer of Graph says: the units that were `taken`, unless something inside a batch does not say, and from four fifths
 * of the quota on how much of it is `used`, at most 1.
 */
export function saidOfUnits({ request, headers, bodyAsText }: PipelineResponse): { taken?: number; used?: number } {
  const batch = isBatch(request.url) ? Batch.safeParse(jsonOf(bodyAsText ?? '')).data : undefined;
  const answers = batch?.responses.map((one) => createHttpHeaders(one.headers)) ?? [headers];
  const numbersIn = (name: string): number[] => {
    return answers.map((one) => Number(one.get(name) ?? Number.NaN)).filter(Number.isFinite);
  };
  const units = numbersIn('x-ms-resource-unit');
  const used = numbersIn('x-ms-throttle-limit-percentage');
  return {
    ...(units.length === askedIn(request).length && { taken: units.reduce((sum, one) => sum + one, 0) }),
    ...(used.length > 0 && { used: Math.min(1, Math.max(...used)) }),
  };
}

function isBatch(url: string): boolean {
  return url.endsWith('/$batch');
}
