import { createHttpHeaders, createPipelineRequest, type PipelineRequest } from '@azure/core-rest-pipeline';
import { describe, expect, test } from 'vitest';
import { simulatedSession } from '../src/cli/session.ts';
import { sweepAll } from '../src/cli/sweepAll.ts';
import { saidOfUnits, unitsOf } from '../src/graphUnits.ts';
import type { Policy } from '../src/model/policy.ts';
import { DEFAULT_POLICY } from '../src/policy.ts';
import { memoryStore } from '../src/state/memory.ts';
import { NOW } from './build.ts';
import { graphBatchOf } from './wire.ts';

const MEMBERS = '/groups/g/transitiveMembers/microsoft.graph.servicePrincipal';

// "Microsoft Graph service-specific throttling limits", identity and access.
test.each([
  ['/applications', 2],
  ['/applications?$select=id&$top=999', 1],
  ['/applications?$expand=owners($select=id)', 3],
  ["/applications(appId='a')?$select=id", 1],
  ['/applications/a/federatedIdentityCredentials', 1],
  ['/servicePrincipals/p/owners?$select=id', 1],
  ['/users?$top=1', 1],
  ['/users?$top=20', 2],
  ['/directoryObjects/getByIds', 3],
  [MEMBERS, 5],
  [`${MEMBERS}?$select=id&$count=true&$top=999`, 4],
  [`${MEMBERS}?$select=id&$count=true&$top=19`, 3],
  ['/groups/g/transitiveMembers', 5],
])('%s takes %i', (path, units) => {
  const alone = createPipelineRequest({ url: `https://graph.microsoft.com/v1.0${path}` });
  expect([unitsOf(alone), unitsOf(graphBatchOf([path, '/users', path]))]).toEqual([units, 2 * units + 2]);
});

describe('what an answer says', () => {
  const part = (headers: unknown) => ({ id: '1', status: 200, headers, body: { value: [] } });
  const alone = createPipelineRequest({ url: 'https://graph.microsoft.com/v1.0/users' });
  const cases: [string, PipelineRequest, Record<string, string>, unknown, ReturnType<typeof saidOfUnits>][] = [
    ['nothing', alone, {}, {}, {}],
    ['what it took', alone, { 'x-ms-resource-unit': '3' }, {}, { taken: 3 }],
    ['how much is used', alone, { 'x-ms-throttle-limit-percentage': '0.8' }, {}, { used: 0.8 }],
    ['that more than all is used', alone, { 'x-ms-throttle-limit-percentage': '1.8' }, {}, { used: 1 }],
    ['no number', alone, { 'x-ms-resource-unit': 'two', 'x-ms-throttle-limit-percentage': 'x' }, {}, {}],
    [
      'of each inside a batch, in any letter case',
      graphBatchOf(['/a', '/b']),
      {},
      {
        responses: [
          part({ 'X-Ms-Resource-Unit': '3', 'x-ms-throttle-limit-percentage': '0.9' }),
          part({ 'x-ms-resource-unit': 4, 'x-ms-throttle-limit-percentage': '0.8' }),
        ],
      },
      { taken: 7, used: 0.9 },
    ],
    [
      'of some inside a batch only',
      graphBatchOf(['/a', '/b', '/c']),
      {},
      { responses: [part({ 'x-ms-resource-unit': '3' }), part(undefined), part({ 'x-ms-resource-unit': '3' })] },
      {},
    ],
    ['of a batch that nobody answers', graphBatchOf(['/a', '/b']), { 'x-ms-resource-unit': '1' }, 'Bad gateway', {}],
  ];
  test.each(cases)('%s', (_what, request, headers, body, expected) => {
    const response = { request, status: 200, headers: createHttpHeaders(headers), bodyAsText: JSON.stringify(body) };
    expect(saidOfUnits(response)).toEqual(expected);
  });
});

test('whatever a sweep asks of Graph takes what we believe', async () => {
  const session = await simulatedSession('guide');
  const { simulator } = session;
  if (!simulator) throw new Error('the session is not simulated');
  const { sendRequest } = simulator.httpClient;
  let asked = 0;
  const wrong: { request: string; believed: number; said: number | undefined }[] = [];
  simulator.httpClient.sendRequest = async (request) => {
    const response = await sendRequest(request);
    if (!request.url.startsWith('https://graph.') || response.status >= 400) return response;
    asked++;
    const [believed, said] = [unitsOf(request), saidOfUnits(response).taken];
    if (believed !== said) wrong.push({ request: `${request.url} ${request.body ?? ''}`, believed, said });
    return response;
  };
  const policy: Policy = { ...DEFAULT_POLICY, profile: 'full' };
  await sweepAll(session, { policy, store: memoryStore(), publish: false, sweptAt: NOW });
  expect(wrong).toEqual([]);
  expect(asked).toBeGreaterThan(5);
});
