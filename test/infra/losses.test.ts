import { expect, test } from 'vitest';
import { lostColumns, readExisting, shortened } from '../../infra/losses.ts';
import type { TableFile } from '../../infra/streams.ts';

function file(name: string, columns: string[]): TableFile {
  return {
    name,
    description: 'A table.',
    columns: columns.map((column) => ({ name: column, type: 'string', description: 'A column.' })),
  };
}

/** As ARM lists it: our columns and, apart from them, those that every table has. */
function listed(name: string, columns: string[], retentionInDays = 30, totalRetentionInDays = 730) {
  const schema = {
    name,
    columns: columns.map((column) => ({ name: column })),
    standardColumns: [{ name: 'TenantId' }],
  };
  return { name, properties: { retentionInDays, totalRetentionInDays, schema } };
}

const files = [file('AcrWardenProbes_CL', ['TimeGenerated', 'Step']), file('AcrWardenSweeps_CL', ['TimeGenerated'])];

test.each<{ what: string; existing: object[]; whose?: 'ours' | 'shared'; lost: string[] }>([
  { what: 'nothing of a workspace without tables', existing: [], lost: [] },
  {
    what: 'nothing of a table that is the file',
    existing: [listed('AcrWardenProbes_CL', ['TimeGenerated', 'Step'])],
    lost: [],
  },
  { what: 'nothing where the file has a column more', existing: [listed('AcrWardenProbes_CL', ['Step'])], lost: [] },
  {
    what: 'each column that the file lacks',
    existing: [listed('AcrWardenProbes_CL', ['Step', 'Took', 'Host']), listed('AcrWardenSweeps_CL', ['Took'])],
    lost: ['AcrWardenProbes_CL.Took', 'AcrWardenProbes_CL.Host', 'AcrWardenSweeps_CL.Took'],
  },
  { what: 'a table of ours without a file', existing: [listed('AcrWardenNew_CL', ['A'])], lost: ['AcrWardenNew_CL'] },
  {
    what: 'nothing of what Azure made of a search, or restored',
    existing: [listed('AcrWardenFindings_SRCH', ['A']), listed('AcrWardenFindings_RST', ['A'])],
    lost: [],
  },
  {
    what: 'no such table of a workspace that was there before',
    existing: [listed('AcrWardenNew_CL', ['A'])],
    whose: 'shared',
    lost: [],
  },
])('a deployment would delete $what', ({ existing, whose = 'ours', lost }) => {
  expect(lostColumns(readExisting(JSON.stringify(existing)), files, whose)).toEqual(lost);
});

test('a table that does not say what it has is an error', () => {
  expect(() => readExisting('[{"name":"AcrWardenProbes_CL","properties":{}}]')).toThrow(/retentionInDays.*schema/s);
});

test.each<{ days: number; total: number; less: boolean }>([
  { days: 30, total: 730, less: false },
  { days: 31, total: 731, less: false },
  { days: 29, total: 730, less: true },
  { days: 30, total: 729, less: true },
])('rows of 30 / 730 days that are to be kept for $days / $total: less is $less', ({ days, total, less }) => {
  const existing = readExisting(JSON.stringify([listed('AcrWardenProbes_CL', []), listed('AcrWardenOthers_CL', [])]));
  expect(shortened(existing, files, { days, total })).toEqual(less ? ['AcrWardenProbes_CL (30 / 730)'] : []);
});
