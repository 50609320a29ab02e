import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { simulatedSession } from '../../src/cli/session.ts';
import { sweepAll } from '../../src/cli/sweepAll.ts';
import type { ComparedFinding } from '../../src/model/finding.ts';
import { DEFAULT_POLICY } from '../../src/policy.ts';
import { folderStore } from '../../src/state/folder.ts';
import { type Ran, runWithoutRoom } from './run.ts';

const SHARDS = 4;
const NO_ROOM =
  /^Shard \S+ failed: cannot write (\S+), since there is no room for it; what was kept before is whole\. Make room, then sweep again: EFBIG: /;

/** A sweep with room enough, as the command line does it. */
async function sweep(sweptAt: string, state: string): Promise<ComparedFinding[]> {
  const session = await simulatedSession('guide');
  session.simulator?.advanceTo(sweptAt);
  const kept = { store: folderStore(state), isLasting: true, publish: false };
  const { shards } = await sweepAll(session, { policy: DEFAULT_POLICY, sweptAt, ...kept });
  return shards.flatMap(({ findings }) => findings);
}

/** The files below a folder whose names match, with what is in them. */
async function filesOf(folder: string, pattern: RegExp): Promise<Record<string, string>> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => pattern.test(name)).sort();
  const texts: [string, string][] = [];
  for (const name of names) texts.push([name, await readFile(join(folder, name), 'utf8')]);
  return Object.fromEntries(texts);
}

describe('a disk that is full', () => {
  let folder: string;
  let before: Record<string, string>;
  let state: string;
  let full: Ran;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'acr-warden-full-'));
    state = join(folder, 'state');
    await sweep('2026-11-24T06:00:00.000Z', state);
    await cp(state, join(folder, 'untouched'), { recursive: true });
    before = await filesOf(state, /^shards\//);
    const anHourLater = ['--now', '2026-11-24T07:00:00Z'];
    full = await runWithoutRoom(8, ['sweep', '--simulator', 'guide', ...anHourLater, '--state', state]);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('ends with 1, names each file and what to do, and calls nothing clean', () => {
    const told = full.stderr.split('\n').filter((line) => NO_ROOM.test(line));
    expect({ code: full.code, told: told.length, stdout: full.stdout }).toEqual({
      code: 1,
      told: SHARDS,
      stdout: 'Nothing found in what could be read.\n',
    });
    expect(full.stderr).toContain('\nNo open finding in what could be read.\n');
  });

  test('leaves what was there as it was, and no part of anything', async () => {
    expect(Object.keys(before).length).toBe(SHARDS);
    expect(await filesOf(state, /^shards\/|\.part$/)).toEqual(before);
  });

  test('is forgotten by the next sweep, which finds what it would have found without it', async () => {
    const after = await sweep('2026-11-24T08:00:00.000Z', state);
    expect(after.length).toBeGreaterThan(50);
    expect(after).toEqual(await sweep('2026-11-24T08:00:00.000Z', join(folder, 'untouched')));
  });
});
