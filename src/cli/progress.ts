import { Listr, ListrLogger, ProcessOutput } from 'listr2';
import type { Plan, ShardName, ShardResult } from '../model/sweep.ts';
import { TENANT_SHARD } from '../model/sweep.ts';
import { shardsOf } from '../plan.ts';
import { partOf } from '../shard.ts';
import { counted, plain } from './render/terminal.ts';

/** As shells have it of a program that Ctrl+C has ended: 128 and the number of the signal. */
const INTERRUPTED = 130;

export interface Progress {
  listeners: {
    onPlan(plan: Plan): void;
    onShard(shard: ShardName, result: ShardResult | Error): void;
  };
  stop(): void;
}

/** Shows on stderr how far a sweep is: a moving list on a terminal, plain lines in a pipe. */
export function progress(): Progress {
  const waiting = new Map<ShardName, (result: ShardResult | Error) => void>();
  const output = new ProcessOutput(process.stderr, process.stderr);
  const interrupted = (): void => {
    // The list has hidden the cursor.
    if (process.stderr.isTTY) output.release();
    process.exit(INTERRUPTED);
  };
  return {
    listeners: {
      onPlan(plan) {
        process.once('SIGINT', interrupted);
        const list = tasks(plan, waiting, new ListrLogger({ processOutput: output }));
        // Its end is the sweep's own end; a task that failed is told by the sweep.
        list.run().catch(() => undefined);
      },
      onShard(shard, result) {
        waiting.get(shard)?.(result);
        waiting.delete(shard);
      },
    },
    stop() {
      process.off('SIGINT', interrupted);
      for (const done of waiting.values()) done(new Error('not swept'));
      waiting.clear();
    },
  };
}

function tasks(plan: Plan, waiting: Map<ShardName, (result: ShardResult | Error) => void>, logger: ListrLogger) {
  return new Listr(
    shardsOf(plan).map((shard) => {
      const ended = new Promise<ShardResult | Error>((resolve) => waiting.set(shard, resolve));
      return {
        title: titleOf(shard, plan),
        task: async (_context, task) => {
          const result = await ended;
          if (result instanceof Error) throw result;
          const { registriesSeen, gaps } = result.report;
          const seen = counted(registriesSeen, 'registry', 'registries');
          task.title = `${titleOf(shard, plan)}: ${seen}${gaps.length > 0 ? `, ${counted(gaps.length, 'read')} failed` : ''}`;
        },
      };
    }),
    {
      concurrent: true,
      exitOnError: false,
      // It would exit with a code of its own.
      registerSignalListeners: false,
      rendererOptions: { logger, collapseSubtasks: false },
      fallbackRendererOptions: { logger },
      fallbackRendererCondition: () => !process.stderr.isTTY,
    },
  );
}

function titleOf(shard: ShardName, plan: Plan): string {
  if (shard === TENANT_SHARD) return 'tenant: roles and the directory';
  const { subscriptionId, part, parts } = partOf(shard) ?? { subscriptionId: shard, part: 1, parts: 1 };
  const known = plan.subscriptions.find((one) => one.subscriptionId === subscriptionId);
  return `subscription ${plain(known?.displayName ?? shard)}${parts > 1 ? `, part ${part} of ${parts}` : ''}`;
}
