import { Command, Option } from 'commander';
import type { Profile } from '../model/policy.ts';
import { SEVERITIES, type Severity, severityRank } from '../model/severity.ts';
import { NOTHING_VISIBLE, OTHER_TENANT } from '../plan.ts';
import { memoryStore } from '../state/memory.ts';
import { openStore } from '../state/open.ts';
import { idleParts } from './idle.ts';
import { instantOf } from './instant.ts';
import { noneEmpty, notEmpty } from './notEmpty.ts';
import { mustBeWritable, writeWhole } from './outputFile.ts';
import { policyFrom } from './policyFile.ts';
import { progress } from './progress.ts';
import { quotaShareOption } from './quotaShare.ts';
import { documentOf } from './render/document.ts';
import { htmlReport } from './render/html.ts';
import { explainMutes } from './render/mutes.ts';
import { findingsTable, NO_SCREEN, screenOf, summary } from './render/terminal.ts';
import { azureSession, type Session, simulatedSession } from './session.ts';
import { signedIn } from './signedIn.ts';
import { subscriptionIds } from './subscriptionIds.ts';
import { sweepAll, type WholeSweep } from './sweepAll.ts';

interface SweepFlags {
  simulator?: string;
  subscription?: string[];
  managementGroup?: string[];
  policy?: string;
  profile?: Profile;
  explainMutes: boolean;
  format: 'table' | 'json' | 'html';
  output?: string;
  state?: string;
  publish: boolean;
  failOn?: Severity;
  strict: boolean;
  now?: string;
  quotaShare: number;
}

export function sweepCommand(): Command {
  return new Command('sweep')
    .addOption(
      new Option('--simulator <name|file>', 'sweep this estate instead of Azure')
        .argParser(notEmpty)
        .conflicts('subscription'),
    )
    .option('--subscription <id...>', 'only these subscriptions', subscriptionIds)
    .addOption(
      new Option('--management-group <id...>', 'only the subscriptions below these')
        .argParser(noneEmpty)
        .conflicts('subscription'),
    )
    .option('--policy <file>', 'warden.yaml', notEmpty)
    .addOption(new Option('--profile <profile>', 'full: the hygiene checks too').choices(['auth', 'full']))
    .addOption(
      new Option('--explain-mutes', 'instead of findings, what the exceptions of --policy would mute')
        .default(false)
        .conflicts(['publish', 'state', 'format']),
    )
    .addOption(new Option('--format <format>', 'what is printed').choices(['table', 'json', 'html']).default('table'))
    .option('--output <file>', 'write there instead of printing', notEmpty)
    .option('--state <folder|url>', 'compare with the sweep before, kept in a folder or a blob container', notEmpty)
    .option('--publish', 'send the rows to Log Analytics', false)
    .addOption(new Option('--fail-on <severity>', 'exit 2 on findings this bad or worse').choices(SEVERITIES))
    .option('--strict', 'exit 3 when something could not be read', false)
    .option(
      '--now <time>',
      'judge as of this time, as in 2026-11-24T06:00:00Z; of Azure without --state and --publish',
      instantOf,
    )
    .addOption(quotaShareOption())
    .action(async (flags: SweepFlags) => {
      process.exitCode = await sweep(flags);
    });
}

async function sweep(flags: SweepFlags): Promise<number> {
  const policy = policyFrom(flags);
  // Not found out when all is swept, and the state is of a sweep that nobody has seen.
  if (flags.output) await mustBeWritable(flags.output);
  const session = flags.simulator ? await simulatedSession(flags.simulator) : azureSession(flags.quotaShare);
  refuseOtherTimes(flags, session);
  const store = flags.state ? openStore(flags.state, session.credential) : memoryStore();
  const sweptAt = flags.now ?? session.clock().toISOString();
  if (session.simulator && flags.now && flags.now > session.clock().toISOString())
    session.simulator.advanceTo(flags.now);
  const watching = progress();
  let swept: WholeSweep;
  try {
    const isPart = flags.subscription !== undefined || flags.managementGroup !== undefined;
    const kept = { store, isLasting: flags.state !== undefined, publish: flags.publish, isPart };
    swept = await signedIn('acr-warden sweep --simulator guide', () =>
      sweepAll(session, { policy, sweptAt, ...kept, ...watching.listeners }),
    );
  } finally {
    watching.stop();
  }
  const findings = swept.shards.flatMap((shard) => shard.findings);
  const text = flags.explainMutes ? explainMutes(policy, findings, sweptAt) : render(swept, flags, session);
  await write(flags, text);
  const idle = swept.failed.length === 0 ? idleParts(policy, swept.shards) : '';
  process.stderr.write(`${summary(swept, screenOf(process.stderr))}${idle}`);
  return exitCode(swept, flags);
}

/** A sweep of the future would hide all sweeps until then, and one of the past would tell of what was not seen then. */
function refuseOtherTimes({ now, state, publish }: SweepFlags, { standIn }: Session): void {
  if (!now || standIn || !(state || publish)) return;
  throw new Error(
    `--now is for looking at Azure only: what ${publish ? '--publish sends' : '--state keeps'} must be of the time at which it was seen. Leave out --now, or ${publish ? '--publish' : '--state'}`,
  );
}

function isWhole({ shards, failed }: WholeSweep): boolean {
  return failed.length === 0 && shards.every(({ report }) => report.gaps.length === 0);
}

function render(swept: WholeSweep, { format, output }: SweepFlags, { environment }: Session): string {
  if (format === 'json') return `${JSON.stringify(documentOf(swept, environment), null, 2)}\n`;
  if (format === 'html') return htmlReport(documentOf(swept, environment));
  return findingsTable(
    swept.shards.flatMap(({ findings }) => findings),
    output ? NO_SCREEN : screenOf(process.stdout),
    isWhole(swept),
  );
}

async function write({ output }: SweepFlags, text: string): Promise<void> {
  if (output) await writeWhole(output, text);
  // Whether nobody reads it, or it could not be written, main.ts hears.
  else await new Promise<void>((resolve) => process.stdout.write(text, () => resolve()));
}

/** 1: a shard, or everything, could not be swept, or rows not be published; 2: findings as bad as asked for; 3: gaps, when asked for. */
function exitCode({ plan, shards, failed, undelivered }: WholeSweep, { failOn, strict }: SweepFlags): number {
  // Not even the list of subscriptions was to be had: that is no sweep. An empty list is one, of nothing.
  const blind = plan.subscriptions.length === 0 && plan.gaps.some(({ code }) => code !== NOTHING_VISIBLE);
  const elsewhere = plan.gaps.some(({ code }) => code === OTHER_TENANT);
  if (failed.length > 0 || blind || elsewhere || undelivered) return 1;
  const open = shards
    .flatMap(({ findings }) => findings)
    .filter(({ status, muted }) => status !== 'resolved' && !muted);
  if (failOn && open.some(({ severity }) => severityRank(severity) >= severityRank(failOn))) return 2;
  return strict && shards.some(({ report }) => report.gaps.length > 0) ? 3 : 0;
}
