import { type HttpClient, type PipelineResponse, RestError } from '@azure/core-rest-pipeline';
import type { FaultEffect } from '../../../simulator/faults.ts';
import { type Cell, type Fault, merged, type Outcome, played } from '../cell.ts';
import { withSlowServer } from '../slowServer.ts';

const AREA = 'The connection';
/** What is read from; rows still arrive. */
const READ = /^(?!.*\.ingest\.)/;

function spoilt(name: string, effect: FaultEffect, fault: Partial<Fault> = {}): Cell {
  return { area: AREA, name, run: () => played({ rules: [{ match: { host: READ }, effect }], ...fault }) };
}

/** Short of patience, since the other side has all the time in the world. */
const hasty = (): ReturnType<NonNullable<Fault['wrapping']>> => ({ connection: { requestTimeoutMs: 250 } });

const KINDS: FaultEffect[] = [
  { kind: 'half' },
  { kind: 'reset' },
  { kind: 'broken' },
  { kind: 'status', status: 403, code: 'AuthorizationFailed' },
  { kind: 'status', status: 429, retryAfter: '3600' },
  { kind: 'status', status: 404, code: 'ResourceNotFound' },
  { kind: 'status', status: 500 },
];
/** More than a sweep of all shards takes: beyond the last nothing is spoilt. */
const REQUESTS = 56;
/** One attempt and its repetitions. */
const ATTEMPTS = 3;

/** One request of the sweep and its repetitions fail, each time another one, in each way in turn. */
async function oneAfterAnother(): Promise<Outcome> {
  const outcomes: Outcome[] = [];
  for (let nth = 1; nth <= REQUESTS; nth++) {
    const effect = KINDS[nth % KINDS.length] ?? { kind: 'reset' };
    outcomes.push(await played({ rules: [{ match: { host: READ, nth, times: ATTEMPTS }, effect }] }));
  }
  return merged(outcomes);
}

/** A list without its first registry, although a GET still finds it: ARM's lists lag behind. */
function forgetful(inner: HttpClient): HttpClient {
  return {
    async sendRequest(request) {
      const response = await inner.sendRequest(request);
      const isList = /\/providers\/Microsoft\.ContainerRegistry\/registries$/.test(new URL(request.url).pathname);
      return isList ? withoutFirst(response) : response;
    },
  };
}

function withoutFirst(response: PipelineResponse): PipelineResponse {
  const { value, ...page }: { value: unknown[] } = JSON.parse(response.bodyAsText ?? '');
  return { ...response, bodyAsText: JSON.stringify({ ...page, value: value.slice(1) }) };
}

export const CONNECTION: Cell[] = [
  spoilt('half a body', { kind: 'half' }),
  spoilt('a page instead of JSON', { kind: 'broken' }),
  spoilt('reset', { kind: 'reset' }),
  {
    area: AREA,
    name: 'DNS knows no host',
    run: () => played({ wrapping: () => ({ http: nowhere }) }),
  },
  spoilt('no answer at all: time-out', { kind: 'hang' }, { wrapping: hasty }),
  {
    area: AREA,
    name: 'slow loris: an answer that never ends',
    run: () => withSlowServer((http) => played({ wrapping: () => ({ ...hasty(), http }) })),
  },
  { area: AREA, name: 'each request in turn fails, in one of seven ways', run: oneAfterAnother },
  {
    area: AREA,
    name: 'a list that leaves out a registry which is there',
    run: () => played({ wrapping: () => ({ http: forgetful }) }),
  },
];

/** As Node's resolver says it; rows cannot be sent either. */
function nowhere(): HttpClient {
  return {
    async sendRequest(request) {
      const { hostname } = new URL(request.url);
      throw new RestError(`getaddrinfo ENOTFOUND ${hostname}`, { code: 'ENOTFOUND', request });
    },
  };
}
