import type { HttpClient } from '@azure/core-rest-pipeline';
import { expect, test } from 'vitest';
import { connect } from '../../src/azure.ts';
import { readGroups } from '../../src/collect/groups.ts';
import { readOwners } from '../../src/collect/owners.ts';
import type { ServicePrincipal } from '../../src/model/estate.ts';
import type { Gap } from '../../src/model/gap.ts';
import { estateOf, noMemory, simulated } from '../wire.ts';

const ROBOT = 'bbbbbbbb-0000-0000-0000-000000000001';
const TEAM = 'cccccccc-0000-0000-0000-000000000001';
const ANA = 'eeeeeeee-0000-0000-0000-000000000001';

/** A directory whose batches answer each of their requests with 200 and this. */
function answering(body: unknown) {
  const { simulator } = simulated(
    estateOf([], {
      graph: {
        servicePrincipals: [{ id: ROBOT, appId: ROBOT, displayName: 'robot' }],
        groups: [{ id: TEAM, displayName: 'team', members: [ROBOT] }],
        users: [{ id: ANA, mail: 'ana@contoso.com' }],
        owners: { [ROBOT]: [ANA] },
      },
    }),
  );
  const httpClient: HttpClient = {
    async sendRequest(request) {
      const response = await simulator.httpClient.sendRequest(request);
      if (!request.url.endsWith('/$batch')) return response;
      const { responses } = JSON.parse(response.bodyAsText ?? '');
      return {
        ...response,
        bodyAsText: JSON.stringify({ responses: responses.map((one: object) => ({ ...one, body })) }),
      };
    },
  };
  return connect({ credential: simulator.credential, httpClient });
}

test.each([
  ['nothing', undefined],
  ['an object', {}],
  ['no list in it', { value: null }],
  ['texts', { value: ['x'] }],
  ['what is not JSON', 'PGh0bWw+'],
])('200 with %s inside a batch is a gap: neither nobody owns it, nor is nobody in it', async (_what, body) => {
  const azure = answering(body);
  const robot = { id: ROBOT, appId: ROBOT, displayName: 'robot', secrets: [] } as unknown as ServicePrincipal;
  const gaps: Gap[] = [];
  await readOwners(azure, [robot], [], noMemory(), gaps);
  const { groups } = await readGroups(azure, [TEAM], new Map([[TEAM, 'team']]), [], gaps);
  expect([robot.owners, groups[0]?.members]).toEqual([undefined, undefined]);
  expect(gaps).toMatchObject([
    { source: 'owners', scope: `/servicePrincipals/${ROBOT}`, code: 'UnusableAnswer' },
    { source: 'groups', code: 'UnusableAnswer' },
  ]);
});
