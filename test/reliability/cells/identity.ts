import type { TokenCredential } from '@azure/core-auth';
import { createHttpHeaders, type HttpClient } from '@azure/core-rest-pipeline';
import type { EstateFile } from '../../../simulator/index.ts';
import { SOURCES } from '../../../src/model/source.ts';
import { type Cell, merged, type Outcome, played } from '../cell.ts';
import { labEstate, TIMELINE } from '../estate.ts';
import type { Lab } from '../lab.ts';

const AREA = 'Who we are';

/** Says that the login is gone, in the words of @azure/identity. */
const noLogin: TokenCredential = {
  async getToken() {
    throw Object.assign(new Error('the managed identity endpoint does not answer'), { name: 'AuthenticationError' });
  },
};

/** A login that ends after so many tokens: one for ARM, one for Graph, one for a vault, one for the ingestion. */
function lasting(tokens: number, { simulator }: Lab): TokenCredential {
  let left = tokens;
  return {
    getToken: (scopes, options) => (left-- > 0 ? simulator.credential : noLogin).getToken(scopes, options),
  };
}

/** Calls what comes after `n` requests of one process. */
function afterRequests(n: number, then: (inner: HttpClient) => HttpClient): (inner: HttpClient) => HttpClient {
  return (inner) => {
    let left = n;
    const later = then(inner);
    return { sendRequest: (request) => (left-- > 0 ? inner : later).sendRequest(request) };
  };
}

/** The token that was good a moment ago is not any more. */
function unauthorized(): HttpClient {
  return {
    async sendRequest(request) {
      const error = { code: 'ExpiredAuthenticationToken', message: 'The access token expiry is before now.' };
      const headers = createHttpHeaders({ 'content-type': 'application/json' });
      return { request, status: 401, headers, bodyAsText: JSON.stringify({ error }) };
    },
  };
}

/** Each of these in a sweep of its own. */
async function atEach(numbers: number[], run: (n: number) => Promise<Outcome>): Promise<Outcome> {
  const outcomes: Outcome[] = [];
  for (const n of numbers) outcomes.push(await run(n));
  return merged(outcomes);
}

const REVOKED = '2026-11-24T07:00:01Z';
/** The auditor loses every right that it has in Azure Resource Manager and Graph, and has it again an hour later. */
const REVOKING: EstateFile = labEstate([
  ...TIMELINE,
  { at: REVOKED, denied: Object.values(SOURCES).map(({ permission }) => ({ action: permission })) },
  { at: '2026-11-24T07:58:00Z', denied: [] },
]);

/** Takes the rights away between two requests of the sweep, each time between two others. */
function revokedAfter(requests: number): Promise<Outcome> {
  let lab: Lab | undefined;
  let left = requests;
  const http = (inner: HttpClient): HttpClient => ({
    sendRequest(request) {
      if (left-- === 0) lab?.wait(REVOKED);
      return inner.sendRequest(request);
    },
  });
  return played({
    estate: REVOKING,
    wrapping: () => ({ http }),
    drive: async (one) => {
      lab = one;
      await one.hour(1);
    },
  });
}

const UP_TO_50 = Array.from({ length: 26 }, (_, index) => 2 * index);

export const IDENTITY: Cell[] = [
  {
    area: AREA,
    name: 'no login at all',
    run: () => played({ wrapping: () => ({ connection: { credential: noLogin } }) }),
  },
  {
    area: AREA,
    name: 'the login ends in the middle of a sweep',
    run: () =>
      atEach([1, 2, 3], (tokens) =>
        played({
          drive: async (lab) => {
            lab.wrapping = () => ({ connection: { credential: lasting(tokens, lab) } });
            await lab.hour(1);
          },
        }),
      ),
  },
  {
    area: AREA,
    name: 'the token expires in the middle of a sweep: 401',
    run: () =>
      atEach([0, 1, 2, 3, 5, 8, 13, 21], (n) => played({ wrapping: () => ({ http: afterRequests(n, unauthorized) }) })),
  },
  { area: AREA, name: 'the roles are removed in the middle of a sweep', run: () => atEach(UP_TO_50, revokedAfter) },
];
