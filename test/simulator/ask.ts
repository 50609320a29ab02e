import { createSimulator, type EstateFile, type Simulator, type SimulatorOptions } from '../../simulator/index.ts';

export const TENANT = '11111111-0000-0000-0000-000000000000';
export const SUB = 'aaaaaaaa-0000-0000-0000-000000000001';
export const REGISTRY = `/subscriptions/${SUB}/resourceGroups/rg-shop/providers/Microsoft.ContainerRegistry/registries/shop`;

/** A simulator of one subscription and whatever the test adds. */
export function simulatorOf(estate: Partial<EstateFile>, options: Omit<SimulatorOptions, 'estate'> = {}): Simulator {
  const subscriptions = [{ subscriptionId: SUB, displayName: 'Prod' }];
  return createSimulator({
    estate: { name: 'test', now: '2026-11-24T06:00:00Z', tenantId: TENANT, subscriptions, ...estate },
    quotaNow: () => 0,
    ...options,
  });
}

interface Ask {
  method?: string;
  headers?: Record<string, string>;
  body?: unknown;
  /** The token's audience; the host's own by default. */
  audience?: string;
  /** The whole authorization header; '' sends none. */
  authorization?: string;
}

export interface Answered {
  status: number;
  headers: Headers;
  // Whatever came; tests compare it whole.
  body: unknown;
}

/** One hand-written request. */
export async function ask(simulator: Simulator, url: string, options: Ask = {}): Promise<Answered> {
  const headers = new Headers(options.headers);
  const token = await simulator.credential.getToken(options.audience ?? `${new URL(url).origin}/.default`);
  const authorization = options.authorization ?? `Bearer ${token?.token}`;
  if (authorization !== '') headers.set('authorization', authorization);
  const init: RequestInit = { method: options.method ?? 'GET', headers };
  if (options.body instanceof Uint8Array) init.body = new Uint8Array(options.body);
  else if (options.body !== undefined) init.body = JSON.stringify(options.body);
  const response = await simulator.handle(new Request(url, init));
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** ARM by path; the api-version is added unless the path has one. */
export function arm(simulator: Simulator, path: string, options: Ask = {}): Promise<Answered> {
  const version =
    path.includes('api') && /api(-|%2D)version/.test(path)
      ? ''
      : `${path.includes('?') ? '&' : '?'}api-version=${versionFor(path)}`;
  return ask(simulator, `https://management.azure.com${path}${version}`, options);
}

function versionFor(path: string): string {
  if (/Microsoft\.ContainerRegistry/i.test(path) && !/Microsoft\.Authorization/i.test(path)) return '2025-11-01';
  if (/Microsoft\.Authorization/i.test(path)) return '2022-04-01';
  if (/Microsoft\.Management/i.test(path)) return '2020-05-01';
  return /resourcegroups/i.test(path) ? '2021-04-01' : '2022-12-01';
}

export function graph(simulator: Simulator, path: string, options: Ask = {}): Promise<Answered> {
  return ask(simulator, `https://graph.microsoft.com/v1.0${path}`, options);
}

/** The `value` of a list, by one field of its items. */
export function fieldOf(answer: Answered, field: string): unknown[] {
  const { body } = answer;
  const value = typeof body === 'object' && body !== null && 'value' in body ? body.value : undefined;
  if (!Array.isArray(value)) throw new Error(`not a list: ${JSON.stringify(body)}`);
  return value.map((item: Record<string, unknown>) => item[field]);
}

/** `error.code` of an answer with its status. */
export function failure(answer: Answered): [number, unknown] {
  const { body } = answer;
  const error = typeof body === 'object' && body !== null && 'error' in body ? body.error : undefined;
  return [answer.status, typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined];
}

/** Follows a list's next links and gives the pages' answers. */
export async function pagesOf(simulator: Simulator, first: Answered, key = 'nextLink'): Promise<Answered[]> {
  const pages = [first];
  for (let last: Answered = first; ; ) {
    const link =
      typeof last.body === 'object' && last.body !== null
        ? Object.entries(last.body).find(([name]) => name === key)?.[1]
        : undefined;
    if (typeof link !== 'string') return pages;
    last = await ask(simulator, link);
    pages.push(last);
  }
}
