import { expect, test } from 'vitest';
import { arm, failure, SUB, simulatorOf } from '../../ask.ts';

const PATH = `/subscriptions/${SUB}/providers/Microsoft.ContainerRegistry/registries`;

test('250 reads at once, 25 more each second, and the headers count down', async () => {
  let now = 0;
  const simulator = simulatorOf({}, { quotaNow: () => now });
  const first = await arm(simulator, PATH);
  expect(first.headers.get('x-ms-ratelimit-remaining-subscription-reads')).toBe('249');
  expect(first.headers.get('x-ms-ratelimit-remaining-subscription-global-reads')).toBe('3749');
  for (let read = 0; read < 249; read += 1) await arm(simulator, PATH);
  const refused = await arm(simulator, PATH);
  expect(failure(refused)).toEqual([429, 'SubscriptionRequestsThrottled']);
  expect(refused.headers.get('retry-after')).toBe('1');
  // The tenant and other subscriptions have buckets of their own.
  expect((await arm(simulator, '/subscriptions')).headers.get('x-ms-ratelimit-remaining-tenant-reads')).toBe('249');
  now += 1000;
  const later = await Promise.all(Array.from({ length: 26 }, () => arm(simulator, PATH)));
  expect(later.filter(({ status }) => status === 200)).toHaveLength(25);
});

test('throttling can be switched off', async () => {
  const simulator = simulatorOf({}, { throttling: false });
  const statuses = new Set<number>();
  for (let read = 0; read < 300; read += 1) statuses.add((await arm(simulator, PATH)).status);
  expect([...statuses]).toEqual([200]);
});
