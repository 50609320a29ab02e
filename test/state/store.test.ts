import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ContainerClient } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { messages } from '../../src/causes.ts';
import { containerStore } from '../../src/state/container.ts';
import { folderStore } from '../../src/state/folder.ts';
import { memoryStore } from '../../src/state/memory.ts';
import { openStore } from '../../src/state/open.ts';
import { ABSENT, ConflictError, CorruptStateError, readDocument, type Store } from '../../src/state/store.ts';
import { type Azurite, startAzurite } from './azurite.ts';

const noLogin = {
  getToken: async () => {
    throw new Error('the storage emulator needs no token');
  },
};

let azurite: Azurite;
let folder: string;
beforeAll(async () => {
  azurite = await startAzurite();
  folder = await mkdtemp(join(tmpdir(), 'acr-warden-state-'));
});
afterAll(async () => {
  await azurite.stop();
  await rm(folder, { recursive: true, force: true });
});

let made = 0;
const KINDS: [string, () => Promise<Store>][] = [
  ['a folder', async () => folderStore(join(folder, String(++made)))],
  ['a blob container', async () => openStore(await azurite.container(`state${++made}`), noLogin)],
  ['memory', async () => memoryStore()],
];

describe.each(KINDS)('%s', (_kind, open) => {
  test('gives back what was written, under any name', async () => {
    const store = await open();
    const text = '{"name":"Ärger, ☕ and \\u0000"}';
    const etag = await store.write('shards/Prod é.json', text);
    expect(await store.read('shards/Prod é.json')).toEqual({ text, etag });
  });

  test('gives back what was written in pieces, of every length', async () => {
    const store = await open();
    const pieces = [
      '{"a":"',
      '€'.repeat(200_000),
      '',
      '", "b":"',
      ...Array(3000).fill('Ärger, ☕ and 🐳; '.repeat(9)),
      '"}',
    ];
    await store.write('a', { pieces: () => pieces });
    expect((await store.read('a'))?.text).toBe(pieces.join(''));
    const etag = await store.write('b', { pieces: () => [] });
    expect(await store.read('b')).toEqual({ text: '', etag });
  });

  test('gives back line by line what was written, whatever else may look like the end of a line', async () => {
    const store = await open();
    const lines = ['{"a":1}', '', 'a\r', '\u2028 \u2029', `${'€🐳'.repeat(150_000)}`, '\ufeff', 'last'];
    const etag = await store.write('a', lines.join('\n'));
    const read: string[] = [];
    expect(await store.readLines('a', (line) => read.push(line))).toBe(etag);
    expect(read).toEqual(lines);
    await expect(store.readLines('a', () => JSON.parse('{'))).rejects.toThrow();
    expect(await store.readLines('b', (line) => read.push(line))).toBeUndefined();
    expect(read).toEqual(lines);
  });

  test('gives back what was written in pieces that are too many to be sent as one', async () => {
    const store = await open();
    const pieces = Array.from({ length: 40_000 }, (_, n) => `${n} Ärger, ☕ and 🐳 ${'x'.repeat(60)}\n`);
    const etag = await store.write('a', { pieces: () => pieces }, ABSENT);
    expect(await store.read('a')).toEqual({ text: pieces.join(''), etag });
    await expect(store.write('a', { pieces: () => pieces }, ABSENT)).rejects.toThrow(ConflictError);
    await store.write('a', { pieces: () => pieces.slice(1) }, etag);
    expect((await store.read('a'))?.text).toBe(pieces.slice(1).join(''));
  });

  test('knows nothing of what was never written', async () => {
    const store = await open();
    expect(await store.read('shards/x.json')).toBeUndefined();
    expect(await store.list('')).toEqual([]);
    await store.remove('shards/x.json');
  });

  test('the last writer wins where nobody asks', async () => {
    const store = await open();
    await store.write('a', '1');
    await store.write('a', '2');
    expect((await store.read('a'))?.text).toBe('2');
  });

  test('of two writers with one version the first wins, and nothing is overwritten', async () => {
    const store = await open();
    const first = await store.write('a', '1', ABSENT);
    await expect(store.write('a', 'other', ABSENT)).rejects.toThrow(ConflictError);
    await store.write('a', '2', first);
    await expect(store.write('a', 'other', first)).rejects.toThrow(ConflictError);
    expect((await store.read('a'))?.text).toBe('2');
  });

  test('of many writers at once one wins', async () => {
    const store = await open();
    const tries = await Promise.allSettled(Array.from({ length: 8 }, (_, n) => store.write('a', `${n}`, ABSENT)));
    const [won, ...others] = tries.flatMap(({ status }, n) => (status === 'fulfilled' ? [n] : []));
    expect(others).toEqual([]);
    expect((await store.read('a'))?.text).toBe(`${won}`);
  });

  test('a version of what was removed is no version', async () => {
    const store = await open();
    const etag = await store.write('a', '1');
    await store.remove('a');
    await expect(store.write('a', '2', etag)).rejects.toThrow(ConflictError);
    expect(await store.read('a')).toBeUndefined();
  });

  test('removes what is of a version only while it is', async () => {
    const store = await open();
    const first = await store.write('a', '1');
    const second = await store.write('a', '2');
    await expect(store.remove('a', first)).rejects.toThrow(ConflictError);
    expect((await store.read('a'))?.text).toBe('2');
    await store.remove('a', second);
    expect(await store.read('a')).toBeUndefined();
    await expect(store.remove('a', second)).rejects.toThrow(ConflictError);
  });

  test('tells the bytes of what is below a prefix, sorted', async () => {
    const store = await open();
    await store.write('spool/b.json', '{}');
    await store.write('spool/a.json', '"Ä☕"');
    await store.write('shards/a.json', '{"version":1}');
    expect(await store.measure('spool/')).toEqual([
      { name: 'spool/a.json', bytes: 7 },
      { name: 'spool/b.json', bytes: 2 },
    ]);
    expect(await store.measure('none/')).toEqual([]);
  });

  test('lists by prefix, sorted', async () => {
    const store = await open();
    for (const name of ['spool/b/1.json', 'spool/a/2.json', 'spool/a/10.json', 'shards/a.json']) {
      await store.write(name, '{}');
    }
    expect(await store.list('spool/')).toEqual(['spool/a/10.json', 'spool/a/2.json', 'spool/b/1.json']);
    expect(await store.list('spool/a')).toEqual(['spool/a/10.json', 'spool/a/2.json']);
  });

  test('more names than one page of the service holds', async () => {
    const store = await open();
    const names = Array.from({ length: 40 }, (_, n) => `spool/${String(n).padStart(5, '0')}.json`);
    await Promise.all(names.map((name) => store.write(name, '{}')));
    expect(await store.list('spool/')).toEqual(names);
  });

  test('says where it is', async () => {
    expect((await open()).place).toMatch(/^(\/|http:\/\/127\.0\.0\.1:|memory$)/);
  });
});

describe('a document', () => {
  test.each([
    ['half a document', '{"version":1,"findi', 'is damaged'],
    ['no JSON at all', '<html>', 'is damaged'],
    ['a list', '[]', 'is damaged'],
    ['null', 'null', 'is damaged'],
    ['no version', '{"findings":[]}', 'is damaged'],
    ['another version', '{"version":2}', 'has version 2, this is a program for version 1'],
  ])('%s fails loudly, and is left as it is', async (_what, text, words) => {
    const store = memoryStore();
    await store.write('shards/tenant.json', text);
    const reading = readDocument<{ version: 1 }>(store, 'shards/tenant.json', 1);
    await expect(reading).rejects.toThrow(CorruptStateError);
    await expect(readDocument<{ version: 1 }>(store, 'shards/tenant.json', 1)).rejects.toThrow(
      `shards/tenant.json in memory ${words}; nothing was overwritten. Move it away to begin anew, or run the matching version`,
    );
    expect((await store.read('shards/tenant.json'))?.text).toBe(text);
  });
});

describe('a folder', () => {
  test('what a killed process left half written is not seen', async () => {
    const place = join(folder, 'killed');
    const store = folderStore(place);
    await store.write('shards/a.json', '{"version":1}');
    await writeFile(join(place, 'shards', 'a.json.123.part'), '{"ver');
    expect(await store.list('')).toEqual(['shards/a.json']);
  });

  test('where nothing can be written, the file is named, and no part of it is left', async () => {
    const place = join(folder, 'blocked');
    const store = folderStore(place);
    await store.write('shards', 'a file where a folder should be');
    await expect(store.write('shards/a.json', '{}')).rejects.toThrow(`cannot write ${join(place, 'shards', 'a.json')}`);
    expect(await readdir(place)).toEqual(['shards']);
  });
});

test.each([
  ['ftp://x/y', 'in a blob container, as in https://contoso.blob.core.windows.net/warden; ftp://x/y is neither'],
  ['S3://bucket', 'S3://bucket is neither'],
  ['https://', 'https:// is neither'],
  ['ftp://ana:PLANTED@x/y', 'ftp://x/y is neither'],
  ['https://ana:PLANTED@x/y', 'leave the user and password out of https://x/y'],
])('%s is no place for a state', (place, words) => {
  const opening = () => openStore(place, noLogin);
  expect(opening).toThrow(words);
  expect(opening).not.toThrow('PLANTED');
});

test('a container that is not there is named', async () => {
  const url = (await azurite.container('there')).replace(/there$/, 'elsewhere');
  await expect(openStore(url, noLogin).write('a', '1')).rejects.toThrow(`cannot write blob a in ${url}`);
  await expect(openStore(url, noLogin).read('a')).rejects.toThrow(`cannot read blob a in ${url}`);
});

describe.each<[string, (response: ServerResponse) => void]>([
  ['says nothing', () => {}],
  [
    'never comes to an end',
    (response) => {
      response.writeHead(200, { etag: '"1"', 'content-length': '1000000', 'content-type': 'application/xml' });
      const dripping = setInterval(() => response.write(' '), 10);
      response.once('close', () => clearInterval(dripping));
    },
  ],
])('a container that %s is waited for no longer than anything else', (_what, answer) => {
  let server: Server;
  let store: Store;
  beforeAll(async () => {
    server = createServer((_request, response) => answer(response));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the server has no port');
    store = containerStore(new ContainerClient(`http://127.0.0.1:${address.port}/account/warden`), 200);
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  test.each<[string, () => Promise<unknown>]>([
    ['read', () => store.read('a')],
    ['read line by line', () => store.readLines('a', () => {})],
    ['written', () => store.write('a', '1')],
    ['removed', () => store.remove('a')],
    ['listed', () => store.list('')],
    ['measured', () => store.measure('')],
  ])('when it is %s', async (_how, call) => {
    const error = await call().catch((caught: unknown) => caught);
    expect(messages(error)).toContain(`${store.place} has not answered within 0.2 s`);
  });
});

test('a blob on which somebody holds a lease: no conflict, since it will not pass by trying again', async () => {
  const url = await azurite.container('leased');
  const store = openStore(url, noLogin);
  const etag = await store.write('a', '1');
  await azurite.lease(url, 'a');
  for (const writing of [store.write('a', '2', etag), store.write('a', '2')]) {
    const error = await writing.catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: 'Error', message: `cannot write blob a in ${url}` });
    expect(messages(error)).toContain('There is currently a lease on the blob');
  }
  await expect(store.remove('a')).rejects.toThrow(`cannot remove blob a in ${url}`);
  expect((await store.read('a'))?.text).toBe('1');
});
