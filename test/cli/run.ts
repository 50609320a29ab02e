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
  return started([process.execPath, MAIN, ...args], env);
}

/** Runs it to its end. */
export function run(args: string[], env: Record<string, string> = {}): Promise<Ran> {
  return ended(start(args, env));
}

/** Runs it in a shell, where it is `"$0" "$@"`. */
export function runInShell(script: string, args: string[]): Promise<Ran> {
  return ended(started(['bash', '-c', script, process.execPath, MAIN, ...args]));
}

/** Runs it where no file may grow beyond so many KiB: a write that is too long is cut short, as on a full disk. */
export function runWithoutRoom(kibibytes: number, args: string[]): Promise<Ran> {
  // Without the trap the process would be killed before the write could fail.
  return runInShell(`ulimit -f ${kibibytes}; trap '' XFSZ; exec "$0" "$@"`, args);
}

function started([command = '', ...args]: string[], env: Record<string, string> = {}): ChildProcessWithoutNullStreams {
  const { PATH = '', HOME = '' } = process.env;
  return spawn(command, args, { env: { PATH, HOME, ...env } });
}

async function ended(child: ChildProcessWithoutNullStreams): Promise<Ran> {
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
