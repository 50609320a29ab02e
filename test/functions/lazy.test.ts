import { build, type Metafile } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadedWith } from '../../bench/chunks.ts';
import { BUNDLED, functionFiles } from '../../build.ts';

let metafile: Metafile;

beforeAll(async () => {
  const options = { ...BUNDLED, entryPoints: await functionFiles(), outdir: '/out' };
  ({ metafile } = await build({ ...options, absWorkingDir: '/', metafile: true, write: false }));
});

/** Our own files that are there once a function is loaded. */
function loaded(name: string): string[] {
  const inputs = loadedWith(metafile, `out/src/functions/${name}.js`).flatMap((path) =>
    Object.keys(metafile.outputs[path]?.inputs ?? {}),
  );
  return [...new Set(inputs.map((path) => /(?:^|\/)((?:src|simulator)\/.*)$/.exec(path)?.[1] ?? ''))];
}

const LATER = /^(src\/(notify|preflight|cli|probe|diagnose)\/|simulator\/)/;

describe.each(['planSweep', 'sweepShard', 'sweepTenant', 'closeSweep', 'receiveAlert', 'reportIncident'])(
  '%s',
  (name) => {
    test('loads nothing of cards, reports, rights or commands before it is called', () => {
      expect(loaded(name).filter((path) => LATER.test(path))).toEqual([]);
    });
  },
);

test('what sweeps is there at once, and what answers alerts is somewhere', () => {
  for (const name of ['sweepShard', 'sweepTenant']) expect(loaded(name)).toContain('src/sweep.ts');
  const all = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));
  expect(all.filter((path) => path.endsWith('src/notify/respond.ts'))).toHaveLength(1);
});
