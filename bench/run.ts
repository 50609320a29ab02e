import { fork, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Command } from 'commander';
import { table } from 'table';
import { boundOf, type SweepFigures } from './figures.ts';

interface Flags {
  registries: number;
  subscriptions: number;
  latency: number;
  sweeps: number;
  format: string;
}

await new Command('bench')
  .description('what a sweep of a tenant of this size costs, against the least that Azure allows')
  .option('--registries <n>', 'in all', Number, 1000)
  .option('--subscriptions <n>', 'they are spread over', Number, 20)
  .option('--latency <ms>', 'of every answer', Number, 40)
  .option('--sweeps <n>', 'the first, then steady ones', Number, 2)
  .option('--format <format>', 'table or json', 'table')
  .action(async (flags: Flags) => {
    const figures = await measure(flags);
    process.stdout.write(flags.format === 'json' ? `${JSON.stringify(figures, null, 2)}\n` : tableOf(figures, flags));
  })
  .parseAsync();

async function measure({ registries, subscriptions, latency, sweeps }: Flags): Promise<SweepFigures[]> {
  const folder = await mkdtemp(join(tmpdir(), 'acr-warden-bench-'));
  const script = (name: string): string => new URL(name, import.meta.url).pathname;
  const server = fork(script('server.ts'), [registries, subscriptions, latency].map(String), { silent: true });
  try {
    const line = await firstLine(server.stdout);
    const sweeper = spawn(process.execPath, [script('sweeper.ts'), line, folder, String(sweeps)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const figures: SweepFigures[] = [];
    for await (const text of createInterface(sweeper.stdout)) figures.push(JSON.parse(text));
    if (figures.length !== sweeps) throw new Error(`${figures.length} of ${sweeps} sweeps came to an end`);
    return figures;
  } finally {
    server.kill('SIGKILL');
    await rm(folder, { recursive: true });
  }
}

async function firstLine(stream: NodeJS.ReadableStream | null): Promise<string> {
  if (!stream) throw new Error('the simulator has no output');
  for await (const line of createInterface(stream)) return line;
  throw new Error('the simulator ended before it listened');
}

function tableOf(all: SweepFigures[], { latency }: Flags): string {
  const rows = all.map((figures) => {
    const bound = boundOf(figures, latency);
    return [
      figures.sweep,
      String(figures.registries),
      figures.wallSeconds.toFixed(1),
      `${bound.seconds.toFixed(1)} (${bound.by})`,
      (figures.wallSeconds / bound.seconds).toFixed(2),
      (figures.requests / figures.registries).toFixed(2),
      ((figures.cpuSeconds / figures.registries) * 1000).toFixed(2),
      figures.peakMiB.toFixed(0),
      String(figures.rows),
      figures.megabytes.toFixed(1),
      String(figures.throttled),
      String(figures.gaps),
    ];
  });
  const head = [
    'sweep',
    'registries',
    'wall s',
    'bound s',
    'ratio',
    'requests / registry',
    'CPU s / 1,000',
    'peak MiB',
    'rows',
    'MB',
    '429',
    'gaps',
  ];
  return table([head, ...rows], { drawHorizontalLine: (line) => line === 1, drawVerticalLine: () => false });
}
