import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bicepVersion, findBicep } from './bicep.ts';
import { snapshotOf } from './snapshot.ts';
import { inputHashes, type Sources, sha256, staleness } from './sources.ts';
import { readTables, streamsText } from './streams.ts';

const run = promisify(execFile);

/** The environments whose snapshots are kept. */
const environments = ['dev', 'prod'];

/** What a check found: how it looked, and each thing that is not as it would be compiled now. */
export type Freshness = { by: 'compiler' | 'hashes'; note: string; problems: string[] };

/** Compiles one Bicep file to a template. Throws with everything the compiler said; a warning fails too. */
export async function compileFile(bicep: string, file: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bicep-'));
  try {
    const outfile = join(folder, 'template.json');
    const { stderr } = await run(bicep, ['build', file, '--outfile', outfile]);
    if (/\b(Warning|Error)\b/.test(stderr)) throw new Error(`${file} does not compile cleanly:\n${stderr}`);
    return await readFile(outfile, 'utf8');
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The generated files that need the compiler, by their path under `infra`. */
async function compiledFiles(infra: string, bicep: string): Promise<Map<string, string>> {
  const files = new Map([['main.json', await compileFile(bicep, join(infra, 'main.bicep'))]]);
  for (const name of environments) {
    const parameters = await readFile(join(infra, 'env', `${name}.bicepparam`), 'utf8');
    files.set(`env/${name}.snapshot.txt`, await snapshotOf(bicep, infra, parameters));
  }
  return files;
}

async function recordOf(infra: string, outputs: ReadonlyMap<string, string>): Promise<Sources> {
  const hashes: Record<string, string> = {};
  for (const [path, text] of outputs) hashes[path] = sha256(text);
  return { bicep: bicepVersion, inputs: await inputHashes(infra), outputs: hashes };
}

/** Writes the streams, the compiled template, the snapshots, and the record of what they were made from. */
export async function compileAll(infra: string, bicep: string): Promise<void> {
  await writeFile(join(infra, 'modules', 'ingestion.json'), streamsText(await readTables(join(infra, 'tables'))));
  const outputs = await compiledFiles(infra, bicep);
  for (const [path, text] of outputs) await writeFile(join(infra, path), text);
  const record = await recordOf(infra, outputs);
  await writeFile(join(infra, 'main.sources.json'), `${JSON.stringify(record, null, 2)}\n`);
}

/** Compares what is committed with what would be compiled now; with hashes alone where there is no compiler. */
export async function checkFreshness(infra: string): Promise<Freshness> {
  const read = (path: string) => readFile(join(infra, path), 'utf8');
  const recorded: Sources = JSON.parse(await read('main.sources.json'));
  const committed = new Map<string, string>();
  for (const path of Object.keys(recorded.outputs)) committed.set(path, await read(path));
  const problems = staleness(recorded, await recordOf(infra, committed));
  if ((await read('modules/ingestion.json')) !== streamsText(await readTables(join(infra, 'tables')))) {
    problems.push('infra/modules/ingestion.json is not what infra/tables make');
  }
  const bicep = await findBicep();
  if ('missing' in bicep) return { by: 'hashes', note: bicep.missing, problems };
  for (const [path, text] of await compiledFiles(infra, bicep.path)) {
    if (committed.get(path) !== text) problems.push(`infra/${path} is not what the compiler makes now`);
  }
  return { by: 'compiler', note: `compiled again by Bicep ${bicepVersion}`, problems };
}

async function main(check: boolean): Promise<void> {
  const infra = import.meta.dirname;
  if (check) {
    const { by, note, problems } = await checkFreshness(infra);
    console.error(`checked by ${by}: ${note}`);
    if (problems.length > 0) throw new Error(`${problems.join('\n')}\nRun: node infra/compile.ts`);
    return;
  }
  const bicep = await findBicep();
  if ('missing' in bicep)
    throw new Error(`cannot compile: ${bicep.missing}. Install the .NET SDK or Bicep ${bicepVersion}.`);
  await compileAll(infra, bicep.path);
  console.error(`compiled infra/main.json and the snapshots by Bicep ${bicepVersion}`);
}

if (import.meta.main) {
  try {
    await main(process.argv.includes('--check'));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
