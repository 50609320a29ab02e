import { expect, test } from 'vitest';
import { simulatorOf } from '../../ask.ts';
import { query } from './queries.ts';

test('fifteen queries in a window of five seconds that starts with the first, and the headers count down', async () => {
  let now = 1000;
  const simulator = simulatorOf({}, { quotaNow: () => now });
  const headersOf = async (status: number) => {
    const answer = await query(simulator, 'resources');
    const names = ['x-ms-user-quota-remaining', 'x-ms-user-quota-resets-after', 'retry-after'];
    expect(answer.status).toBe(status);
    return names.map((name) => answer.headers.get(name));
  };
  expect(await headersOf(200)).toEqual(['14', '00:00:05', null]);
  now = 3500;
  for (let remaining = 13; remaining >= 0; remaining -= 1)
    expect(await headersOf(200)).toEqual([String(remaining), '00:00:03', null]);
  expect(await headersOf(429)).toEqual(['0', '00:00:03', '3']);
  now = 5999;
  expect(await headersOf(429)).toEqual(['0', '00:00:01', '1']);
  const { body } = await query(simulator, 'resources');
  expect(body).toMatchObject({ error: { code: 'RateLimiting', details: [{ code: 'RateLimiting' }] } });
  now = 6000;
  expect(await headersOf(200)).toEqual(['14', '00:00:05', null]);
});
