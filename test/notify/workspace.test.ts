import { expect, test } from 'vitest';
import { SIMULATED_WORKSPACE } from '../../simulator/index.ts';
import { asking } from '../../src/notify/workspace.ts';
import { estateOf, simulated } from '../wire.ts';

test.each([
  ['a table that is not there', 'AcrWardenOther_CL\n| take 1', /^cannot query workspace \S+: .*'AcrWardenOther_CL'/],
  ['a column that is not there', 'AcrWardenFindings_CL\n| where Other == 1', /^cannot query workspace \S+: .*'Other'/],
  ['what is no query', 'AcrWardenFindings_CL\n| whre Other == 1', /^cannot query workspace \S+: .*'whre'/],
])('%s is told by name', async (_what, query, expected) => {
  const { azure } = simulated(estateOf());
  await expect(asking(azure.logs, SIMULATED_WORKSPACE.id)(query)).rejects.toThrow(expected);
});

test('an answer that says nothing of the query is told as it is', async () => {
  const { azure, simulator } = simulated(estateOf());
  simulator.faults.add({ match: { service: 'logsQuery' }, effect: { kind: 'status', status: 400 } });
  const ask = asking(azure.logs, SIMULATED_WORKSPACE.id);
  await expect(ask('AcrWardenFindings_CL | take 1')).rejects.toThrow(/^cannot query workspace \S+$/);
});
