import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { BUNDLED, bundle, functionFiles } from '../build.ts';
import { loadedWith } from './chunks.ts';

const ROOT = join(import.meta.dirname, '..');
/** Enough for a median that stays. */
export const COLD_RUNS = 10;

export interface ColdStart {
  runs: number;
  bundled: LoadTime;
  unbundled: LoadTime;
  /** bytes of JavaScript in the bundle: all of it, and what is there before a shard can be swept */
  bytes: { all: number; toSweep: number };
}

/** Medians, milliseconds. */
export interface LoadTime {
  /** from the first function's import to the last one's end */
  load: number;
  /** of the whole process, without what Node itself takes to start */
  process: number;
}

/** Loads all functions bundled and unbundled, by turns, each time in a fresh process. */
export async function measureColdStart(runs: number): Promise<ColdStart> {
  const folder = await mkdtemp(join(tmpdir(), 'acr-warden-cold-'));
  try {
    const names = await bundle(join(folder, 'bundled'));
    await compile(join(folder, 'unbundled'));
    await writeFile(join(folder, 'package.json'), '{"type":"module"}\n');
    const loader = { ...BUNDLED, entryPoints: [join(import.meta.dirname, 'load.ts')], outdir: folder };
    await build(loader);
    const tries: Record<'bundled' | 'unbundled', Try[]> = { bundled: [], unbundled: [] };
    const bare: number[] = [];
    // The first ones only fill the disk's cache.
    for (let run = 0; run <= runs; run++) {
      for (const kind of ['bundled', 'unbundled'] as const) {
        const one = load(join(folder, 'bench', 'load.js'), join(folder, kind, 'src', 'functions'));
        if (one.registered !== names.length) throw new Error(`${one.registered} of ${names.length} functions loaded`);
        if (run > 0) tries[kind].push(one);
      }
      if (run > 0) bare.push(timed(['-e', '0']).milliseconds);
    }
    const timeOf = (kind: 'bundled' | 'unbundled'): LoadTime => ({
      load: median(tries[kind].map(({ load }) => load)),
      process: median(tries[kind].map(({ process }) => process)) - median(bare),
    });
    return { runs, bundled: timeOf('bundled'), unbundled: timeOf('unbundled'), bytes: await bytesOfBundle() };
  } finally {
    await rm(folder, { recursive: true });
  }
}

interface Try {
  load: number;
  process: number;
  registered: number;
}

function load(script: string, functions: string): Try {
  const { milliseconds, output } = timed([script, functions]);
  const told: { milliseconds: number; registered: number } = JSON.parse(output);
  return { load: told.milliseconds, process: milliseconds, registered: told.registered };
}

/** Runs Node as the deployed app does: without arguments of its own. */
function timed(args: string[]): { milliseconds: number; output: string } {
  const start = performance.now();
  const output = execFileSync(process.execPath, args, { encoding: 'utf8', env: { PATH: process.env.PATH } });
  return { milliseconds: performance.now() - start, output };
}

/** Every file of ours as JavaScript of its own; packages are loaded from node_modules. */
async function compile(folder: string): Promise<void> {
  const files = await readdir(join(ROOT, 'src'), { recursive: true });
  await build({
    entryPoints: files.filter((name) => name.endsWith('.ts')).map((name) => join(ROOT, 'src', name)),
    outbase: ROOT,
    outdir: folder,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    packages: 'external',
    plugins: [
      {
        name: 'a file each',
        setup: ({ onResolve }) =>
          onResolve({ filter: /^\..*\.ts$/ }, ({ path, kind }) =>
            kind === 'entry-point' ? undefined : { path: path.replace(/\.ts$/, '.js'), external: true },
          ),
      },
    ],
  });
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
}

async function bytesOfBundle(): Promise<ColdStart['bytes']> {
  const options = { ...BUNDLED, entryPoints: await functionFiles(), outdir: join(ROOT, 'dist') };
  const { metafile } = await build({ ...options, absWorkingDir: ROOT, metafile: true, write: false });
  const scripts = Object.keys(metafile.outputs).filter((path) => path.endsWith('.js'));
  return {
    all: bytesOf(metafile, scripts),
    toSweep: bytesOf(metafile, loadedWith(metafile, 'dist/src/functions/sweepShard.js')),
  };
}

function bytesOf({ outputs }: Metafile, paths: string[]): number {
  return paths.reduce((total, path) => total + (outputs[path]?.bytes ?? 0), 0);
}

/** Throws where there is none. */
export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  if (low === undefined || high === undefined) throw new Error('nothing has no median');
  return (low + high) / 2;
}
