import { fork } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../../build.ts';
import { type Answer, type Order, readAnswer } from './messages.ts';

/** The bundle in a folder of its own, as it is deployed: without node_modules anywhere above it. */
export async function bundled(): Promise<{ folder: string; names: string[]; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'acr-warden-bundle-'));
  const names = await bundle(folder);
  await writeFile(join(folder, 'package.json'), '{"type":"module"}\n');
  return { folder, names, remove: () => rm(folder, { recursive: true, force: true }) };
}

export interface Worker {
  registered: NonNullable<Answer['registered']>;
  invoke(name: string, data: Order['data'], delivery?: number): Promise<Answer>;
  stop(): Promise<void>;
}

/** Starts the bundle in a process of plain Node, with these settings and no other of the caller's. */
export async function startWorker(folder: string, settings: Record<string, string>): Promise<Worker> {
  const { PATH = '' } = process.env;
  const child = fork(new URL('./worker.ts', import.meta.url), [folder], {
    env: { PATH, ...settings },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const waiting = new Map<number, (answer: Answer) => void>();
  const ended = Promise.withResolvers<void>();
  let stderr = '';
  child.stderr?.on('data', (chunk) => {
    stderr += String(chunk);
  });
  child.on('message', (message) => {
    const answer = readAnswer(message);
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  child.on('exit', (code) => {
    for (const [id, answer] of waiting) answer({ id, error: `the worker ended with ${code}: ${stderr}`, logs: [] });
    ended.resolve();
  });
  const answerTo = (id: number): Promise<Answer> => new Promise((resolve) => waiting.set(id, resolve));
  const { registered, error } = await answerTo(0);
  if (!registered) throw new Error(error ?? 'the worker did not start');
  let last = 0;
  return {
    registered,
    invoke(name, data, delivery) {
      const id = ++last;
      child.send({ id, name, data, ...(delivery && { delivery }) } satisfies Order);
      return answerTo(id);
    },
    async stop() {
      child.kill('SIGKILL');
      await ended.promise;
    },
  };
}
