import { Command, Option } from 'commander';
import type { Notification } from '../../simulator/index.ts';
import { memoryStore } from '../state/memory.ts';
import { instantOf } from './instant.ts';
import { notEmpty } from './notEmpty.ts';
import { policyFrom } from './policyFile.ts';
import { plain } from './render/terminal.ts';
import { simulatedSession } from './session.ts';
import { sweepAll } from './sweepAll.ts';

const HOUR_MS = 3_600_000;
/** A working day and a little: long enough for what the estates have on their timelines. */
const USUAL_HOURS = 12;

interface AlertFlags {
  estate: string;
  from?: Date;
  to?: Date;
  interval: number;
  policy?: string;
  format: 'text' | 'json';
}

export function alertsCommand(): Command {
  return new Command('alerts')
    .option('--estate <name|file>', 'the estate', notEmpty, 'guide')
    .option('--policy <file>', 'warden.yaml', notEmpty)
    .option('--from <time>', 'tell what happens from then on; else from the time of the estate', timeOf)
    .option('--to <time>', `until then; else ${USUAL_HOURS} hours`, timeOf)
    .addOption(
      new Option('--interval <hours>', 'between two sweeps, as sweepIntervalHours of the deployment')
        .choices(['1', '2', '3', '4', '6', '12'])
        .default('1'),
    )
    .addOption(new Option('--format <format>', 'what is printed').choices(['text', 'json']).default('text'))
    .action((flags) => alerts({ ...flags, interval: Number(flags.interval) }));
}

async function alerts(flags: AlertFlags): Promise<void> {
  const { estate, from, to, interval, format } = flags;
  const policy = policyFrom(flags.policy ? { policy: flags.policy } : {});
  const { createAlerts, deployedAlerts } = await import('../../simulator/index.ts');
  const session = await simulatedSession(estate);
  const { simulator, environment } = session;
  if (!simulator) throw new Error('alert rules are only run over a simulated estate');
  const start = simulator.now();
  const begin = from ?? start;
  const end = to ?? new Date(begin.getTime() + USUAL_HOURS * HOUR_MS);
  if (end < begin) throw new Error(`--to ${end.toISOString()} is before --from ${begin.toISOString()}`);
  if (begin < start)
    throw new Error(`--from ${begin.toISOString()} is before the estate begins, ${start.toISOString()}`);

  const store = memoryStore();
  for (let ms = start.getTime(); ms <= end.getTime(); ms += interval * HOUR_MS) {
    const sweptAt = new Date(ms).toISOString();
    if (new Date(ms) > simulator.now()) simulator.advanceTo(sweptAt);
    await sweepAll(session, { policy, store, publish: true, sweptAt });
  }
  const parameters = { environmentName: environment, sweepIntervalHours: interval };
  const told = createAlerts(deployedAlerts(parameters), simulator.logs)
    .replay(start, end)
    .filter(({ at }) => new Date(at) >= begin);
  process.stdout.write(format === 'json' ? `${JSON.stringify(told, null, 2)}\n` : textOf(told));
  process.stderr.write(`${told.length} notifications from ${begin.toISOString()} to ${end.toISOString()}.\n`);
}

function textOf(told: readonly Notification[]): string {
  return told.map((one) => `${lineOf(one)}\n`).join('');
}

function lineOf({ at, condition, severity, rule, payload }: Notification): string {
  const dimensions = payload.data.alertContext.condition.allOf.flatMap((one) => one.dimensions);
  const about = dimensions.map(({ value }) => value).filter((value) => value !== '-');
  return plain(`${at.slice(0, 16)}Z ${condition.padEnd(8)} Sev${severity} ${rule}  ${about.join(', ')}`).trimEnd();
}

function timeOf(text: string): Date {
  return new Date(instantOf(text));
}
