import { describe, expect, test } from 'vitest';
import type { Batch } from '../../src/publish/batches.ts';
import type { Refusal, Send } from '../../src/publish/ingestion.ts';
import { publish } from '../../src/publish/publish.ts';
import { redeliver } from '../../src/publish/redeliver.ts';
import { memoryStore } from '../../src/state/memory.ts';
import { spooled } from '../../src/state/spool.ts';
import type { Store } from '../../src/state/store.ts';
import { NOW } from '../build.ts';

const PLACE = { sweepId: '20261124T060000Z', shard: 'tenant' };
const NOT_NOW: Refusal = { reason: '503: down', final: false };
const NEVER: Refusal = { reason: '400: bad rows', final: true };
/** So long that each row is a batch of its own. */
const LONG = {
  a: 'x'.repeat(60_000),
  ...Object.fromEntries(Array.from({ length: 9 }, (_, n) => [n, 'y'.repeat(60_000)])),
};

function rows(...names: string[]) {
  return { T: names.map((name) => ({ name, ...LONG })) };
}

/** Takes what `takes` says, and notes which rows it took. */
function service(refuse: (name: string, call: number) => Refusal | undefined = () => undefined) {
  const taken: string[] = [];
  let call = 0;
  const send: Send = async (batch: Batch) => {
    const name = String(batch.rows[0]?.name);
    const refused = refuse(name, ++call);
    if (!refused) taken.push(name);
    return refused;
  };
  return { taken, send };
}

const at = (minutes: number): Date => new Date(Date.parse(NOW) + minutes * 60_000);

describe('publish', () => {
  test('nobody to send to: nothing is sent and nothing is kept', async () => {
    const store = memoryStore();
    expect(await publish(undefined, store, PLACE, rows('a'))).toEqual({ published: 0, undelivered: 0 });
    expect(await store.list('')).toEqual([]);
  });

  test('tables one after another, batches in their order', async () => {
    const { taken, send } = service();
    const both = { First: rows('a', 'b').T, Second: rows('c').T };
    expect(await publish(send, memoryStore(), PLACE, both)).toEqual({ published: 3, undelivered: 0 });
    expect(taken).toEqual(['a', 'b', 'c']);
  });

  test('each batch is accounted for: what is refused for good is kept, the others are sent', async () => {
    const store = memoryStore();
    const { taken, send } = service((name) => (name === 'b' ? NEVER : undefined));
    expect(await publish(send, store, PLACE, rows('a', 'b', 'c'))).toEqual({ published: 2, undelivered: 1 });
    expect(taken).toEqual(['a', 'c']);
    expect(await spooled(store)).toEqual(['spool/20261124T060000Z/tenant/00001.json']);
  });

  test('what comes in the table after a batch that may be taken later is kept unsent, and delivered in its order', async () => {
    const store = memoryStore();
    const asked: string[] = [];
    const { taken, send } = service((name) => {
      asked.push(name);
      return name === 'b' ? NOT_NOW : undefined;
    });
    const both = { First: rows('a', 'b', 'c').T, Second: rows('d').T };
    expect(await publish(send, store, PLACE, both)).toEqual({ published: 2, undelivered: 2 });
    expect({ asked, taken }).toEqual({ asked: ['a', 'b', 'd'], taken: ['a', 'd'] });
    const later = service();
    await redeliver(later.send, store, at(5));
    expect(later.taken).toEqual(['b', 'c']);
  });

  test('a second attempt at the same shard leaves nothing of the first in the spool', async () => {
    const store = memoryStore();
    await publish(service(() => NOT_NOW).send, store, PLACE, rows('a', 'b', 'c'));
    const { taken, send } = service((name) => (name === 'b' ? NOT_NOW : undefined));
    await publish(send, store, PLACE, rows('a', 'b'));
    expect(await spooled(store)).toEqual(['spool/20261124T060000Z/tenant/00001.json']);
    expect(taken).toEqual(['a']);
    const later = service();
    await redeliver(later.send, store, at(5));
    expect(later.taken).toEqual(['b']);
  });

  test('a crash in the second attempt loses nothing of the first', async () => {
    const store = memoryStore();
    await publish(service(() => NOT_NOW).send, store, PLACE, rows('a', 'b'));
    const crashing: Send = async () => {
      throw new Error('the process was killed');
    };
    await expect(publish(crashing, store, PLACE, rows('a', 'b'))).rejects.toThrow('killed');
    const { taken, send } = service();
    await redeliver(send, store, at(5));
    expect(taken).toEqual(['a', 'b']);
  });
});

describe('redeliver', () => {
  async function spoolOf(...names: string[]): Promise<Store> {
    const store = memoryStore();
    await publish(service(() => NOT_NOW).send, store, PLACE, rows(...names));
    return store;
  }

  test('oldest first, across sweeps and shards, and then the spool is empty', async () => {
    const store = memoryStore();
    const down = service(() => NOT_NOW).send;
    await publish(down, store, { sweepId: '20261124T070000Z', shard: 'a' }, rows('3'));
    await publish(down, store, { sweepId: '20261124T060000Z', shard: 'b' }, rows('1', '2'));
    const { taken, send } = service();
    expect(await redeliver(send, store, at(0))).toBe(0);
    expect(taken).toEqual(['1', '2', '3']);
    expect(await store.list('')).toEqual([]);
  });

  test('stops where the service takes nothing, so that the order is kept', async () => {
    const store = await spoolOf('a', 'b', 'c');
    const { taken, send } = service((name) => (name === 'b' ? NOT_NOW : undefined));
    expect(await redeliver(send, store, at(0))).toBe(2);
    expect(taken).toEqual(['a']);
    const again = service();
    expect(await redeliver(again.send, store, at(5))).toBe(0);
    expect(again.taken).toEqual(['b', 'c']);
  });

  test('stops for no other table', async () => {
    const store = memoryStore();
    const both = { First: rows('a', 'b').T, Second: rows('c', 'd').T };
    await publish(service(() => NOT_NOW).send, store, PLACE, both);
    const { taken, send } = service((name) => (name === 'a' ? NOT_NOW : undefined));
    expect(await redeliver(send, store, at(0))).toBe(2);
    expect(taken).toEqual(['c', 'd']);
    const again = service();
    expect(await redeliver(again.send, store, at(5))).toBe(0);
    expect(again.taken).toEqual(['a', 'b']);
  });

  test('stops when it is late, and counts what is left', async () => {
    const store = await spoolOf('a', 'b', 'c');
    const { taken, send } = service();
    expect(await redeliver(send, store, at(0), undefined, () => taken.length === 1)).toBe(2);
    expect(taken).toEqual(['a']);
    expect(await spooled(store)).toHaveLength(2);
  });

  test('what is refused for good stands in nobody’s way, and is counted until somebody has looked', async () => {
    const store = await spoolOf('a', 'b', 'c');
    const { taken, send } = service((name) => (name === 'b' ? NEVER : undefined));
    expect(await redeliver(send, store, at(0))).toBe(1);
    expect(taken).toEqual(['a', 'c']);
    expect(await store.list('')).toEqual(['refused/20261124T060000Z/tenant/00001.json']);
    expect(await redeliver(send, store, at(5))).toBe(1);
    await store.remove('refused/20261124T060000Z/tenant/00001.json');
    expect(await redeliver(send, store, at(10))).toBe(0);
  });

  test('what is refused for good is lost to nobody who dies while putting it away', async () => {
    const store = await spoolOf('a');
    const dying: Store = {
      ...store,
      write: (name, text, expected) =>
        name.startsWith('refused/') ? Promise.reject(new Error('killed')) : store.write(name, text, expected),
    };
    await expect(redeliver(service(() => NEVER).send, dying, at(0))).rejects.toThrow('killed');
    expect(await store.list('')).toEqual(['spool/20261124T060000Z/tenant/00000.json']);
  });

  test('of two workers one sends, and none sends what comes after', async () => {
    const store = await spoolOf('a', 'b');
    const gate = Promise.withResolvers<void>();
    const first = service();
    const slow: Send = async (batch) => {
      await gate.promise;
      return first.send(batch);
    };
    const sending = redeliver(slow, store, at(0));
    const second = service();
    // The first has claimed by the time that the second reads: the memory store answers in microtasks.
    await new Promise((resolve) => setImmediate(resolve));
    expect(await redeliver(second.send, store, at(1))).toBe(2);
    expect(second.taken).toEqual([]);
    gate.resolve();
    expect(await sending).toBe(0);
    expect(first.taken).toEqual(['a', 'b']);
  });

  test('nor what comes after in another table', async () => {
    const store = memoryStore();
    const both = { First: rows('a').T, Second: rows('b').T };
    await publish(service(() => NOT_NOW).send, store, PLACE, both);
    const killed: Send = () => Promise.reject(new Error('killed'));
    await expect(redeliver(killed, store, at(0))).rejects.toThrow('killed');
    const { taken, send } = service();
    expect([await redeliver(send, store, at(9)), taken]).toEqual([2, []]);
  });

  test.each([
    ['is taken', undefined, []],
    ['is not taken', NOT_NOW, []],
    ['is refused for good', NEVER, ['refused/20261124T060000Z/tenant/00000.json']],
  ])('what is kept under the name of a batch that %s meanwhile stays', async (_what, refusal, aside) => {
    const store = await spoolOf('a', 'b');
    const repeated: Send = async () => {
      await publish(service(() => NOT_NOW).send, store, PLACE, rows('c', 'd'));
      return refusal;
    };
    expect(await redeliver(repeated, store, at(0))).toBe(2 + aside.length);
    expect(await store.list('refused/')).toEqual(aside);
    const { taken, send } = service();
    expect(await redeliver(send, store, at(5))).toBe(aside.length);
    expect(taken).toEqual(['c', 'd']);
  });

  test('a worker that died with a batch in its hands is not waited for forever', async () => {
    const store = await spoolOf('a', 'b');
    const dying: Send = async () => {
      throw new Error('killed');
    };
    await expect(redeliver(dying, store, at(0))).rejects.toThrow('killed');
    const { taken, send } = service();
    expect(await redeliver(send, store, at(9))).toBe(2);
    expect(await redeliver(send, store, at(10))).toBe(0);
    expect(taken).toEqual(['a', 'b']);
  });

  test('a damaged batch is named, and left as it is', async () => {
    const store = await spoolOf('a');
    await store.write('spool/20261124T060000Z/tenant/00000.json', '{"version":1,"ro');
    await expect(redeliver(service().send, store, at(0))).rejects.toThrow(
      'spool/20261124T060000Z/tenant/00000.json in memory is damaged; nothing was overwritten',
    );
    expect((await store.read('spool/20261124T060000Z/tenant/00000.json'))?.text).toBe('{"version":1,"ro');
    // Whoever goes on without it counts it: nobody knows how many rows it has.
    expect(await redeliver(service().send, store, at(5), [])).toBe(1);
  });
});
