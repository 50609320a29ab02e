import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Starts the command line as people do, with these variables and none of the caller's own; colours are off in a pipe. */
export function start(args: string[], env: Record<string, string> = {}): ChildProcessWithoutNullStreams {
  const { PATH = '', HOME = '' } = process.env;
  return spawn(process.execPath, [MAIN, ...args], { env: { PATH, HOME, ...env } });
}

/** Runs it to its end. */
export async function run(args: string[], env: Record<string, string> = {}): Promise<Ran> {
  const child = start(args, env);
  child.stdin.end();
  const texts = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    texts.stdout += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    texts.stderr += String(chunk);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, ...texts };
}
