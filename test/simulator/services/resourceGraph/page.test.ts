import { describe, expect, test } from 'vitest';
import { failure, simulatorOf } from '../../ask.ts';
import { query, registry, rows } from './queries.ts';

describe('pages', () => {
  const resources = ['a', 'b', 'c', 'd', 'e'].map((name) => registry(name));
  const text = 'resources | project id, name | order by name asc';

  test('a token leads on, and the flag says false beside it', async () => {
    const simulator = simulatorOf({ resources });
    const names: unknown[] = [];
    const flags: unknown[] = [];
    let token: unknown;
    do {
      const { body } = await query(simulator, text, { options: { $top: 2, $skipToken: token } });
      const page = body as { data: { name: string }[]; resultTruncated: string; totalRecords: number };
      expect(page.totalRecords).toBe(5);
      names.push(page.data.map((one) => one.name));
      flags.push(page.resultTruncated);
      token = '$skipToken' in page ? page.$skipToken : undefined;
    } while (token !== undefined);
    expect([names, flags]).toEqual([
      [['a', 'b'], ['c', 'd'], ['e']],
      ['false', 'false', 'false'],
    ]);
  });

  test('without an id the rest is lost: truncated, and no token', async () => {
    const { body } = await query(simulatorOf({ resources }), 'resources | project name', { options: { $top: 2 } });
    expect(body).toEqual(expect.objectContaining({ count: 2, totalRecords: 5, resultTruncated: 'true' }));
    expect(body).not.toHaveProperty('$skipToken');
  });

  test('$skip starts later; top without its dollar sign is ignored', async () => {
    const simulator = simulatorOf({ resources });
    expect(await rows(simulator, text, { options: { $skip: 4 } })).toHaveLength(1);
    expect(await rows(simulator, text, { options: { top: 1 } })).toHaveLength(5);
  });

  test.each([
    ['$top above 1000', { $top: 1001 }],
    ['$top of 0', { $top: 0 }],
    ['a format', { resultFormat: 'csv' }],
    ['a token of another query', { $skipToken: Buffer.from('{"offset":2,"query":"resources"}').toString('base64') }],
    ['a token that is none', { $skipToken: 'nonsense' }],
  ])('%s is refused', async (_name, options) => {
    expect(failure(await query(simulatorOf({ resources }), text, { options }))).toEqual([400, 'BadRequest']);
  });
});
