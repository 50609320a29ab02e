import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

const ROOT = import.meta.dirname;
const FUNCTIONS = join(ROOT, 'src', 'functions');

/**
 * Bundles each function of the app into `<folder>/src/functions/<name>.js`, what they share into `<folder>/chunks`.
 * Whatever an earlier build left there is removed first.
 */
export async function bundle(folder: string): Promise<string[]> {
  await rm(join(folder, 'src'), { recursive: true, force: true });
  await rm(join(folder, 'chunks'), { recursive: true, force: true });
  const names = (await readdir(FUNCTIONS)).filter((name) => name.endsWith('.ts')).sort();
  await build({
    entryPoints: names.map((name) => join(FUNCTIONS, name)),
    outbase: ROOT,
    outdir: folder,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    mainFields: ['module', 'main'],
    // The host's worker supplies this one module under its name; everything else is inside, which loads four times
    // as fast as from node_modules.
    external: ['@azure/functions-core'],
    // CommonJS packages call require, which an ES module does not have.
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
    minify: true,
    // Errors and credentials are told apart by their class names.
    keepNames: true,
    sourcemap: 'linked',
    logLevel: 'warning',
  });
  return names.map((name) => name.replace(/\.ts$/, ''));
}

if (import.meta.main) {
  const names = await bundle(join(ROOT, 'dist'));
  process.stdout.write(`dist/src/functions: ${names.join(', ')}\n`);
}
