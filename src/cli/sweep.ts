import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { NoSignInError } from '../collect/attempt.ts';
import type { Policy } from '../model/policy.ts';
import { SEVERITIES, type Severity, severityRank } from '../model/severity.ts';
import { DEFAULT_POLICY, parsePolicy } from '../policy.ts';
import { memoryStore } from '../state/memory.ts';
import { openStore } from '../state/open.ts';
import { progress } from './progress.ts';
import { documentOf } from './render/document.ts';
import { htmlReport } from './render/html.ts';
import { findingsTable, screenOf, summary } from './render/terminal.ts';
import { azureSession, type Session, simulatedSession } from './session.ts';
import { sweepAll, type WholeSweep } from './sweepAll.ts';

interface SweepFlags {
  simulator?: string;
  subscription?: string[];
  policy?: string;
  format: 'table' | 'json' | 'html';
  output?: string;
  state?: string;
  publish: boolean;
  failOn?: Severity;
  strict: boolean;
  now?: string;
}

export function sweepCommand(): Command {
  return new Command('sweep')
    .description('one sweep, with your own Azure login or of a simulated estate')
    .addOption(new Option('--simulator <name|file>', 'sweep this estate instead of Azure').conflicts('subscription'))
    .option('--subscription <id...>', 'only these subscriptions')
    .option('--policy <file>', 'warden.yaml')
    .addOption(new Option('--format <format>', 'what is printed').choices(['table', 'json', 'html']).default('table'))
    .option('--output <file>', 'write there instead of printing')
    .option('--state <folder|url>', 'compare with the sweep before, kept in a folder or a blob container')
    .option('--publish', 'send the rows to Log Analytics', false)
    .addOption(new Option('--fail-on <severity>', 'exit 2 on findings this bad or worse').choices(SEVERITIES))
    .option('--strict', 'exit 3 when something could not be read', false)
    .option('--now <time>', 'judge as of this time, as in 2026-11-24T06:00:00Z', instantOf)
    .action(async (flags: SweepFlags) => {
      process.exitCode = await sweep(flags);
    });
}

async function sweep(flags: SweepFlags): Promise<number> {
  const policy = policyOf(flags);
  const session = flags.simulator ? await simulatedSession(flags.simulator) : azureSession();
  const store = flags.state ? openStore(flags.state, session.credential) : memoryStore();
  const sweptAt = flags.now ?? session.clock().toISOString();
  if (session.simulator && flags.now && flags.now > session.clock().toISOString())
    session.simulator.advanceTo(flags.now);
  const watching = progress();
  let swept: WholeSweep;
  try {
    swept = await sweepAll(session, { policy, store, publish: flags.publish, sweptAt, ...watching.listeners });
  } catch (error) {
    if (!(error instanceof NoSignInError)) throw error;
    throw new Error('not signed in to Azure: run "az login" first, or try "acr-warden sweep --simulator guide"');
  } finally {
    watching.stop();
  }
  await write(flags, render(swept, flags.format, session));
  process.stderr.write(summary(swept, screenOf(process.stderr)));
  return exitCode(swept, flags);
}

function policyOf({ policy: file, subscription }: SweepFlags): Policy {
  const policy = file ? parsePolicy(readPolicyFile(file), file) : DEFAULT_POLICY;
  return subscription ? { ...policy, scope: { ...policy.scope, subscriptions: subscription } } : policy;
}

function readPolicyFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Error(`cannot read the policy ${file}`, { cause });
  }
}

function render(swept: WholeSweep, format: SweepFlags['format'], { environment }: Session): string {
  if (format === 'json') return `${JSON.stringify(documentOf(swept, environment), null, 2)}\n`;
  if (format === 'html') return htmlReport(documentOf(swept, environment));
  return findingsTable(
    swept.shards.flatMap(({ findings }) => findings),
    screenOf(process.stdout),
  );
}

async function write({ output }: SweepFlags, text: string): Promise<void> {
  if (output) await writeFile(output, text);
  else
    await new Promise<void>((resolve, reject) =>
      process.stdout.write(text, (error) => (error ? reject(error) : resolve())),
    );
}

/** 1: a shard could not be swept; 2: findings as bad as asked for; 3: gaps, when asked for. */
function exitCode({ shards, failed }: WholeSweep, { failOn, strict }: SweepFlags): number {
  if (failed.length > 0) return 1;
  const open = shards.flatMap(({ findings }) => findings).filter(({ status }) => status !== 'resolved');
  if (failOn && open.some(({ severity }) => severityRank(severity) >= severityRank(failOn))) return 2;
  return strict && shards.some(({ report }) => report.gaps.length > 0) ? 3 : 0;
}

function instantOf(text: string): string {
  const date = new Date(text);
  if (!/^\d{4}-\d\d-\d\dT/.test(text) || Number.isNaN(date.getTime())) {
    throw new InvalidArgumentError('It must be a time like 2026-11-24T06:00:00Z.');
  }
  return date.toISOString();
}
