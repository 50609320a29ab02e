import { readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';

const ROOT = import.meta.dirname;
const FUNCTIONS = join(ROOT, 'src', 'functions');

/** How what is deployed is bundled; the benchmark bundles the same way. */
export const BUNDLED = {
  outbase: ROOT,
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  mainFields: ['module', 'main'],
  // The host's worker supplies this one module under its name; everything else is inside, which loads several times
  // as fast as from node_modules: npm run bench -- --cold.
  external: ['@azure/functions-core'],
  // CommonJS packages call require, which an ES module does not have.
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  minifyWhitespace: true,
  minifySyntax: true,
  // Not identifiers: errors and credentials are told apart by their class names, and to keep those beside shorter ones
  // costs time with every function that is made.
  sourcemap: 'linked',
  logLevel: 'warning',
} satisfies BuildOptions;

/** The files of the functions, sorted. */
export async function functionFiles(): Promise<string[]> {
  const names = (await readdir(FUNCTIONS)).filter((name) => name.endsWith('.ts')).sort();
  return names.map((name) => join(FUNCTIONS, name));
}

/**
 * Bundles each function of the app into `<folder>/src/functions/<name>.js`, what they share into `<folder>/chunks`.
 * Whatever an earlier build left there is removed first.
 */
export async function bundle(folder: string): Promise<string[]> {
  await rm(join(folder, 'src'), { recursive: true, force: true });
  await rm(join(folder, 'chunks'), { recursive: true, force: true });
  const entryPoints = await functionFiles();
  await build({ ...BUNDLED, entryPoints, outdir: folder });
  return entryPoints.map((file) => basename(file, '.ts'));
}

if (import.meta.main) {
  const names = await bundle(join(ROOT, 'dist'));
  process.stdout.write(`dist/src/functions: ${names.join(', ')}\n`);
}
