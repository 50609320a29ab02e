import { expect, test } from 'vitest';
import { simulatorOf } from '../../ask.ts';
import { query } from './queries.ts';

test.each([
  ['a statement', 'let x = 1; resources', 'let'],
  ['an operator', 'resources | project-rename a = id', 'project-rename'],
  ['a source', 'print 1', 'print'],
  ['a kind of join', 'resources | join kind=leftanti (resources | project id) on id', 'join'],
  ['four joins', `resources${' | join (resources | project id) on id'.repeat(4)}`, 'join'],
])('%s of KQL that is not in the subset', async (_name, text, token) => {
  const detail = {
    code: 'InvalidQueryLanguage',
    message: 'InvalidQueryLanguage',
    line: -1,
    characterPositionInLine: -1,
    token,
  };
  expect((await query(simulatorOf({}), text)).body).toMatchObject({
    error: { details: [{ code: 'InvalidQuery' }, detail] },
  });
});

test('three joins are in it', async () => {
  const text = `resources | project id${' | join kind=leftouter (resources | project id) on id | project id'.repeat(3)}`;
  expect((await query(simulatorOf({}), text)).status).toBe(200);
});
