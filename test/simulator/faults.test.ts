import { describe, expect, test } from 'vitest';
import { type FaultRule, parseFaults } from '../../simulator/index.ts';
import { arm, ask, fieldOf, graph, REGISTRY, SUB, simulatorOf } from './ask.ts';

const registry = {
  id: REGISTRY,
  name: 'shop',
  properties: { loginServer: 'shop.azurecr.io', adminUserEnabled: false },
};
const LIST = `/subscriptions/${SUB}/providers/Microsoft.ContainerRegistry/registries`;

const spoiled = (...faults: FaultRule[]) => simulatorOf({ resources: [registry] }, { faults });

async function statuses(simulator: ReturnType<typeof simulatorOf>, times: number, path = LIST): Promise<number[]> {
  const all: number[] = [];
  for (let call = 0; call < times; call += 1) all.push((await arm(simulator, path)).status);
  return all;
}

describe('where a rule strikes', () => {
  const effect = { kind: 'status', status: 503 } as const;

  test.each<[string, FaultRule['match'], number[]]>([
    ['everywhere', {}, [503, 503, 503, 503]],
    ['from the second on', { nth: 2 }, [200, 503, 503, 503]],
    ['twice, from the second on', { nth: 2, times: 2 }, [200, 503, 503, 200]],
    ['its own service', { service: 'graph' }, [200, 200, 200, 200]],
    ['its own method', { method: 'post' }, [200, 200, 200, 200]],
    ['its own host', { host: /^management/ }, [503, 503, 503, 503]],
    ['its own path and query', { path: /registries\?api-version/ }, [503, 503, 503, 503]],
    ['never', { probability: 0 }, [200, 200, 200, 200]],
  ])('%s', async (_name, match, expected) => {
    expect(await statuses(spoiled({ match, effect }), 4)).toEqual(expected);
  });

  test('a probability draws the same numbers from the same seed', async () => {
    const run = (seed: number) => statuses(spoiled({ match: { probability: 0.5, seed }, effect }), 40);
    const first = await run(7);
    expect(await run(7)).toEqual(first);
    expect(await run(8)).not.toEqual(first);
    expect(first.filter((status) => status === 503).length).toBeGreaterThan(10);
    expect(first.filter((status) => status === 503).length).toBeLessThan(30);
  });

  test('rules come and go while it runs', async () => {
    const simulator = spoiled();
    const rule: FaultRule = { name: 'storm', match: {}, effect };
    simulator.faults.add(rule, { match: {}, effect: { kind: 'status', status: 500 } });
    expect(await statuses(simulator, 1)).toEqual([503]);
    simulator.faults.remove('storm');
    expect(await statuses(simulator, 1)).toEqual([500]);
    expect(simulator.faults.rules).toHaveLength(1);
    simulator.faults.clear();
    expect(await statuses(simulator, 1)).toEqual([200]);
    simulator.faults.remove(rule);
  });
});

describe('what a rule does', () => {
  test('a status with and without Retry-After', async () => {
    const simulator = spoiled(
      { match: { times: 1 }, effect: { kind: 'status', status: 429, retryAfter: '3600' } },
      { match: { nth: 1 }, effect: { kind: 'status', status: 500, code: 'Boom', message: 'no' } },
    );
    const first = await arm(simulator, LIST);
    expect([first.status, first.headers.get('retry-after'), first.body]).toEqual([
      429,
      '3600',
      { error: { code: 'TooManyRequests', message: 'A fault rule answers 429.' } },
    ]);
    const second = await arm(simulator, LIST);
    expect([second.status, second.headers.get('retry-after'), second.body]).toEqual([
      500,
      null,
      { error: { code: 'Boom', message: 'no' } },
    ]);
  });

  test('half a body, and one that is not JSON', async () => {
    const whole = JSON.stringify({ value: [registry] });
    expect((await arm(spoiled({ match: {}, effect: { kind: 'half' } }), LIST)).body).toBe(
      whole.slice(0, Math.ceil(whole.length / 2)),
    );
    expect((await arm(spoiled({ match: {}, effect: { kind: 'broken' } }), LIST)).body).toContain('<html>');
  });

  test('a next page on another host', async () => {
    const next = { match: {}, effect: { kind: 'nextLink', host: 'evil.example' } } as const;
    expect((await arm(spoiled(next), LIST)).body).toEqual({
      value: [registry],
      nextLink: `https://evil.example${LIST}?api-version=2025-11-01`,
    });
    expect((await arm(spoiled(next), REGISTRY)).body).toEqual(registry);
    expect((await graph(spoiled(next), '/users')).body).toMatchObject({
      '@odata.nextLink': 'https://evil.example/v1.0/users',
    });
  });

  test('a field taken out of each item, or of the page', async () => {
    const remove = (field: string) => arm(spoiled({ match: {}, effect: { kind: 'remove', field } }), LIST);
    expect((await remove('properties.loginServer')).body).toEqual({
      value: [{ ...registry, properties: { adminUserEnabled: false } }],
    });
    expect((await remove('value')).body).toEqual({});
    expect((await remove('properties.nothing.there')).body).toEqual({ value: [registry] });
  });

  test('a field set on each item, or on the page', async () => {
    const set = (field: string, value: unknown) =>
      arm(spoiled({ match: {}, effect: { kind: 'set', field, value } }), LIST);
    expect((await set('properties.future', 1)).body).toEqual({
      value: [{ ...registry, properties: { ...registry.properties, future: 1 } }],
    });
    expect((await set('name', null)).body).toEqual({ value: [{ ...registry, name: null }] });
    expect((await set('nextLink', 'x')).body).toEqual({ value: [registry], nextLink: 'x' });
  });

  test('an error stays an error when fields are changed', async () => {
    const answer = await arm(spoiled({ match: {}, effect: { kind: 'remove', field: 'error' } }), `${REGISTRY}x`);
    expect(answer).toMatchObject({ status: 404, body: { error: { code: 'ResourceNotFound' } } });
  });

  test('a cut connection', async () => {
    const simulator = spoiled({ match: {}, effect: { kind: 'reset' } });
    await expect(arm(simulator, LIST)).rejects.toMatchObject({ name: 'ConnectionReset', code: 'ECONNRESET' });
    expect(simulator.requests).toMatchObject([{ path: LIST, status: 0 }]);
  });

  test('no answer, until the caller gives up', async () => {
    const simulator = spoiled({ match: {}, effect: { kind: 'hang' } });
    const controller = new AbortController();
    const waiting = simulator.handle(new Request(`https://management.azure.com${LIST}`, { signal: controller.signal }));
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });

  test('waiting', async () => {
    const simulator = simulatorOf({}, { latencyMs: 5, faults: [{ match: {}, effect: { kind: 'latency', ms: 20 } }] });
    const from = performance.now();
    await ask(simulator, 'https://management.azure.com/subscriptions?api-version=2022-12-01');
    expect(performance.now() - from).toBeGreaterThanOrEqual(24);
  });
});

describe('parseFaults', () => {
  test('each effect and each condition', () => {
    expect(
      parseFaults('status=429 retry-after=2 code=Busy service=arm times=20; latency=200 method=GET; half nth=3;'),
    ).toEqual([
      {
        name: 'status=429 retry-after=2 code=Busy service=arm times=20',
        match: { service: 'arm', times: 20 },
        effect: { kind: 'status', status: 429, retryAfter: '2', code: 'Busy' },
      },
      { name: 'latency=200 method=GET', match: { method: 'GET' }, effect: { kind: 'latency', ms: 200 } },
      { name: 'half nth=3', match: { nth: 3 }, effect: { kind: 'half' } },
    ]);
    const effects = parseFaults(
      'broken; reset; hang; next-link=evil.example; remove=a.b; set=a.b:{"c":1}; set=a:text',
    ).map((rule) => rule.effect);
    expect(effects).toEqual([
      { kind: 'broken' },
      { kind: 'reset' },
      { kind: 'hang' },
      { kind: 'nextLink', host: 'evil.example' },
      { kind: 'remove', field: 'a.b' },
      { kind: 'set', field: 'a.b', value: { c: 1 } },
      { kind: 'set', field: 'a', value: 'text' },
    ]);
    expect(parseFaults('reset host=vault path=/tokens probability=0.1 seed=3')[0]?.match).toEqual({
      host: /vault/i,
      path: /\/tokens/i,
      probability: 0.1,
      seed: 3,
    });
  });

  test.each([
    ['', '--faults is empty: '],
    ['service=arm', '"service=arm": there is no effect in it; '],
    ['reset when=now', `"reset when=now": I do not know 'when'; `],
    ['status=200', "status must be a number from 400 to 599, not '200'"],
    ['latency=', "latency must be a number from 0, not ''"],
    ['reset nth=0', "nth must be a number from 1, not '0'"],
    ['reset probability=2', "probability must be a number from 0 to 1, not '2'"],
    ['reset path=(', "path '(' is not a regular expression"],
  ])('%s is refused', (spec, message) => {
    expect(() => parseFaults(spec)).toThrow(message);
  });

  test('what was parsed works', async () => {
    const simulator = spoiled(...parseFaults('remove=properties path=/registries'));
    expect(fieldOf(await arm(simulator, LIST), 'properties')).toEqual([undefined]);
  });
});
