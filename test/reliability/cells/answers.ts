import type { FaultEffect, FaultMatch } from '../../../simulator/faults.ts';
import { missingRegistration } from '../../../simulator/index.ts';
import { SUB } from '../../build.ts';
import { type Cell, played } from '../cell.ts';

type Status = Omit<Extract<FaultEffect, { kind: 'status' }>, 'kind'>;

/** What is read from; rows still arrive. */
const READ = /^(?!.*\.ingest\.)/;
const TOKENS: FaultMatch = { path: /registries\/shop\/tokens\?/ };
const LISTS: FaultMatch = { path: /Microsoft\.ContainerRegistry\/registries\?/ };
const ALL: FaultMatch = { host: READ };

function answers(name: string, match: FaultMatch, status: Status): Cell {
  const rules = [{ match, effect: { kind: 'status' as const, ...status } }];
  return { area: 'Azure refuses', name, run: () => played({ rules }) };
}

const PAGE = '<html><body>Not found on this proxy</body></html>';

export const REFUSALS: Cell[] = [
  answers('403 to everything', ALL, { status: 403, code: 'AuthorizationFailed' }),
  answers('403 to the tokens of one registry', TOKENS, { status: 403, code: 'AuthorizationFailed' }),
  answers('404 to everything', ALL, { status: 404, code: 'ResourceNotFound' }),
  answers('404 to everything, from a proxy that is not Azure', ALL, { status: 404, body: PAGE }),
  answers(
    '404 to all but the lists, from a proxy that is not Azure',
    { path: /^(?!.*(registries\?|\/subscriptions\?)).*$/, host: READ },
    { status: 404, body: PAGE },
  ),
  answers('404 to the tokens of a registry that is there', TOKENS, { status: 404, code: 'ResourceNotFound' }),
  answers('404: no such subscription', LISTS, { status: 404, code: 'SubscriptionNotFound' }),
  answers('409 to everything', ALL, { status: 409, code: 'Conflict' }),
  {
    area: 'Azure refuses',
    name: '409: the provider is not registered, where there were registries',
    run: () => played({ rules: [missingRegistration(SUB, 'Microsoft.ContainerRegistry')] }),
  },
];

export const STORMS: Cell[] = [
  answers('429 storm, to be tried again at once', ALL, { status: 429, retryAfter: '0' }),
  answers('429 storm, to be tried again in an hour', ALL, { status: 429, retryAfter: '3600' }),
  answers('429 without Retry-After, twice', { ...LISTS, times: 2 }, { status: 429 }),
  answers('429 storm without Retry-After', ALL, { status: 429 }),
  answers(
    '429 without Retry-After for one registry, on and on',
    { path: /registries\/pay\/tokens\?/ },
    { status: 429 },
  ),
  answers('500 to everything', ALL, { status: 500 }),
  answers('500, twice', { ...LISTS, times: 2 }, { status: 500 }),
  answers('502 to everything, with a page', ALL, { status: 502, body: PAGE }),
  answers('503 to everything, in an hour again', ALL, { status: 503, retryAfter: '3600' }),
].map((cell) => ({ ...cell, area: 'Azure is too busy' }));
