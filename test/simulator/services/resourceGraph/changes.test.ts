import { expect, test } from 'vitest';
import { REGISTRY, simulatorOf } from '../../ask.ts';
import { registry, rows } from './queries.ts';

const change = (name: string, timestamp: string, target = REGISTRY) => ({
  id: `${target}/providers/Microsoft.Resources/changes/${name}`,
  name,
  type: 'microsoft.resources/changes',
  properties: {
    targetResourceId: target,
    targetResourceType: 'microsoft.containerregistry/registries',
    changeType: 'Update',
    changeAttributes: { timestamp, changedBy: 'ana@contoso.com', changesCount: 1 },
    changes: { 'properties.adminUserEnabled': { previousValue: 'False', newValue: 'True' } },
  },
});

test('resourcechanges: fourteen days to the second, and none of what may not be read', async () => {
  const hidden = `${REGISTRY}2`;
  const simulator = simulatorOf({
    resources: [registry('shop')],
    changes: [
      change('gone', '2026-11-10T05:59:59.999+00:00'),
      change('kept', '2026-11-10T06:00:00+00:00'),
      change('newest', '2026-11-24T06:00:00+00:00'),
      change('future', '2026-11-24T06:00:01+00:00'),
      change('hidden', '2026-11-20T00:00:00+00:00', hidden),
    ],
    denied: [{ action: 'Microsoft.ContainerRegistry/registries/read', scope: hidden }],
  });
  const text = `resourcechanges
    | extend at = todatetime(properties.changeAttributes.timestamp), who = tostring(properties.changeAttributes.changedBy)
    | mv-expand field = bag_keys(properties.changes)
    | extend after = tostring(properties.changes[tostring(field)].newValue)
    | project id, name, at, who, field, after | order by at asc`;
  const of = (name: string, at: string) => ({
    id: change(name, '').id,
    name,
    at,
    who: 'ana@contoso.com',
    field: 'properties.adminUserEnabled',
    after: 'True',
  });
  expect(await rows(simulator, text)).toEqual([
    of('kept', '2026-11-10T06:00:00.0000000Z'),
    of('newest', '2026-11-24T06:00:00.0000000Z'),
  ]);
});

test('a step of the timeline is a change', async () => {
  const simulator = simulatorOf({
    resources: [registry('shop')],
    timeline: [
      {
        at: '2026-11-24T07:00:00Z',
        by: 'omar@contoso.com',
        merge: { id: registry('shop').id, tags: { env: 'dev' } },
      },
    ],
  });
  simulator.advanceTo('2026-11-24T07:00:00Z');
  const text =
    'resourcechanges | project type = properties.changeType, by_ = properties.changeAttributes.changedBy, changes = properties.changes';
  expect(await rows(simulator, text)).toEqual([
    { type: 'Update', by_: 'omar@contoso.com', changes: { 'tags.env': { newValue: 'dev', previousValue: 'prod' } } },
  ]);
});

test('what came or went is not listed field by field, and tokens leave no change', async () => {
  const simulator = simulatorOf({
    resources: [registry('old')],
    timeline: [
      { at: '2026-11-24T07:00:00Z', merge: registry('new') },
      { at: '2026-11-24T07:01:00Z', merge: { id: `${registry('new').id}/tokens/ci`, properties: {} } },
      { at: '2026-11-24T07:02:00Z', remove: registry('old').id },
    ],
  });
  simulator.advanceTo('2026-11-24T08:00:00Z');
  const text = `resourcechanges | project type_ = properties.changeType, target = properties.targetResourceId,
    n = properties.changeAttributes.changesCount, changes = properties.changes`;
  expect(await rows(simulator, text)).toEqual([
    { type_: 'Create', target: registry('new').id, n: 0, changes: {} },
    { type_: 'Delete', target: registry('old').id, n: 0, changes: {} },
  ]);
});
