import { lstat, writeFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { memoryStore } from '../state/memory.ts';
import { draftPolicy } from './draftPolicy.ts';
import { notEmpty } from './notEmpty.ts';
import { mustBeWritable } from './outputFile.ts';
import { policyFrom } from './policyFile.ts';
import { progress } from './progress.ts';
import { quotaShareOption } from './quotaShare.ts';
import { azureSession, simulatedSession } from './session.ts';
import { signedIn } from './signedIn.ts';
import { subscriptionIds } from './subscriptionIds.ts';
import { sweepAll, type WholeSweep } from './sweepAll.ts';

interface InitFlags {
  simulator?: string;
  subscription?: string[];
  output: string;
  force: boolean;
  quotaShare: number;
}

export function initCommand(): Command {
  return new Command('init')
    .addOption(
      new Option('--simulator <name|file>', 'look at this estate instead of Azure')
        .argParser(notEmpty)
        .conflicts('subscription'),
    )
    .option('--subscription <id...>', 'only these subscriptions', subscriptionIds)
    .option('--output <file>', 'where to write', notEmpty, 'warden.yaml')
    .option('--force', 'write over a file that is there', false)
    .addOption(quotaShareOption())
    .action(init);
}

async function init({ simulator, subscription, output, force, quotaShare }: InitFlags): Promise<void> {
  await mustBeFree(output, force);
  const session = simulator ? await simulatedSession(simulator) : azureSession(quotaShare);
  const policy = policyFrom({ ...(subscription && { subscription }) });
  const watching = progress();
  let swept: WholeSweep;
  try {
    const sweptAt = session.clock().toISOString();
    const options = { policy, store: memoryStore(), publish: false, sweptAt, ...watching.listeners };
    swept = await signedIn('acr-warden init --simulator guide', () => sweepAll(session, options));
  } finally {
    watching.stop();
  }
  const [failed] = swept.failed;
  if (failed) throw new Error(`nothing was written: shard ${failed.shard} could not be swept`, { cause: failed.error });
  const text = draftPolicy({
    registries: swept.shards.flatMap(({ registries }) => registries),
    gaps: swept.shards.flatMap(({ report }) => report.gaps),
    subscriptions: subscription,
    sweptAt: swept.plan.sweptAt,
  });
  await write(output, text, force);
  process.stderr.write(`Wrote ${output}. Read it: it expects of each registry what it is like today.\n`);
}

/** Not found out when all is swept. */
async function mustBeFree(output: string, force: boolean): Promise<void> {
  const found = await lstat(output).catch(() => undefined);
  if (found && !force) throw new Error(isThere(output));
  await mustBeWritable(output);
}

async function write(output: string, text: string, force: boolean): Promise<void> {
  try {
    await writeFile(output, text, { flag: force ? 'w' : 'wx' });
  } catch (cause) {
    const isTaken = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    throw new Error(isTaken ? isThere(output) : `cannot write ${output}`, { cause });
  }
}

function isThere(output: string): string {
  return `${output}: it is there already; --force writes over it`;
}
