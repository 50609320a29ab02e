import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** What the generated files were made from: the compiler, the hashes of the inputs and of what came out, by path. */
export type Sources = { bicep: string; inputs: Record<string, string>; outputs: Record<string, string> };

/** Everything a Bicep file can be or load; the results of compiling are no inputs. */
const input =
  /\.bicep(param)?$|^bicepconfig\.json$|^reader-actions\.json$|^(tables|modules|alerts|queries|workbook)\/.+\.(json|kql)$/;

/** SHA-256 of a text with its line ends as Git stores them, so that a checkout with CRLF counts as the same. */
export function sha256(text: string): string {
  return createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex');
}

/** The hash of every input under `infra`, by its path there with forward slashes. */
export async function inputHashes(infra: string): Promise<Record<string, string>> {
  const paths = (await readdir(infra, { recursive: true })).map((path) => path.split(sep).join('/')).sort();
  const hashes: Record<string, string> = {};
  for (const path of paths) {
    if (input.test(path)) hashes[path] = sha256(await readFile(join(infra, path), 'utf8'));
  }
  return hashes;
}

/** What changed since the template was compiled, one sentence each; empty when nothing did. */
export function staleness(recorded: Sources, now: Sources): string[] {
  const problems: string[] = [];
  const paths = new Set([...Object.keys(recorded.inputs), ...Object.keys(now.inputs)]);
  for (const path of [...paths].sort()) {
    const before = recorded.inputs[path];
    const after = now.inputs[path];
    if (before === after) continue;
    const what = before === undefined ? 'is new' : after === undefined ? 'is gone' : 'changed';
    problems.push(`infra/${path} ${what} since main.json was compiled`);
  }
  if (recorded.bicep !== now.bicep) {
    problems.push(`main.json was compiled by Bicep ${recorded.bicep}, not ${now.bicep}`);
  }
  for (const [path, hash] of Object.entries(recorded.outputs)) {
    if (now.outputs[path] !== hash) problems.push(`infra/${path} was edited after it was compiled`);
  }
  return problems;
}
