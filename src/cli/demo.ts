import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { styleText } from 'node:util';
import { Command } from 'commander';
import type { Notification, Simulator } from '../../simulator/index.ts';
import type { ComparedFinding, Status } from '../model/finding.ts';
import { DEFAULT_POLICY } from '../policy.ts';
import { folderStore } from '../state/folder.ts';
import type { Store } from '../state/store.ts';
import { acceptRegistries } from './baseline.ts';
import { alertLines, cardFiles, watchAlerts } from './demoAlerts.ts';
import { notEmpty } from './notEmpty.ts';
import { mustBeWritable } from './outputFile.ts';
import { documentOf, inReadingOrder } from './render/document.ts';
import { htmlReport } from './render/html.ts';
import { findingsTable, plain, screenOf, summary } from './render/terminal.ts';
import { type Session, simulatedSession } from './session.ts';
import { sweepAll, type WholeSweep } from './sweepAll.ts';

const HOUR_MS = 3_600_000;
/** Between the two sweeps: as long as a deployment with the default interval would need to see what changed, twice. */
const LATER_MS = 2 * HOUR_MS;
/** An alert resolves after three healthy evaluations, a quarter of an hour apart. */
const RESOLVED_MS = HOUR_MS / 2;
const DRIFT = 'public-access-drift';
/** As many findings of the first sweep as fit a screen or two. */
const MOST_SHOWN = 15;

export function demoCommand(): Command {
  return new Command('demo')
    .option('--estate <name|file>', 'the estate', notEmpty, 'guide')
    .option('--out <folder>', 'where the results go', notEmpty, 'out')
    .action(demo);
}

interface DemoFlags {
  estate: string;
  out: string;
}

async function demo(flags: DemoFlags): Promise<void> {
  const session = await simulatedSession(flags.estate);
  await makeFolders(flags.out);
  const state = await mkdtemp(join(tmpdir(), 'acr-warden-demo-'));
  try {
    await show(flags, session, folderStore(state));
  } finally {
    await rm(state, { recursive: true, force: true });
  }
}

async function show({ estate, out }: DemoFlags, session: Session, store: Store): Promise<void> {
  const screen = screenOf(process.stdout);
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  const { simulator } = session;
  if (!simulator) throw new Error('the demo needs a simulated estate');
  const alerts = await watchAlerts(session, store);

  say(heading(`First sweep of estate ${estate}, ${simulator.now().toISOString()}`));
  const first = await sweepOnce(session, store);
  const all = inReadingOrder(first.shards.flatMap((shard) => shard.findings));
  say(findingsTable(all.slice(0, MOST_SHOWN), screen));
  if (all.length > MOST_SHOWN)
    say(`  … and ${all.length - MOST_SHOWN} less bad ones; ${join(out, 'report.html')} will have all.\n`);
  say(summary(first, screen));

  const told = await alerts.until(simulator.now());
  say(heading('Alerts of the rules in infra/main.json, by the subject of their mails'));
  say(`${alertLines(told)}\n`);

  const later = new Date(simulator.now().getTime() + LATER_MS);
  // What the rules tell at the time of the second sweep, they tell with its rows.
  told.push(...(await alerts.until(new Date(later.getTime() - 1))));
  simulator.advanceTo(later.toISOString());
  say(heading(`Two hours later, ${simulator.now().toISOString()}`));
  const second = await sweepOnce(session, store);
  const findings = second.shards.flatMap((shard) => shard.findings);
  say(
    findingsTable(
      findings.filter(({ status }) => status !== 'ongoing'),
      screen,
    ),
  );
  say(statusLines(findings));
  say(summary(second, screen));

  const toldLater = await alerts.until(new Date(later.getTime() + RESOLVED_MS));
  told.push(...toldLater);
  say(heading('Alerts after it'));
  say(`${alertLines(toldLater)}\n`);

  const last = await endDrift(findings, session, store, say);
  if (last) {
    const toldLast = await alerts.until(new Date(simulator.now().getTime() + RESOLVED_MS));
    told.push(...toldLast);
    say(`${alertLines(toldLast)}\n`);
  }

  say(heading('Rows in the simulated workspace'));
  say(rowLines(simulator));
  const files = await writeResults(out, last ?? second, session, simulator, told);
  say(heading('\nLook at'));
  say(files.map((file) => `  ${file}`).join('\n'));
  say(
    `\nNext: "npm run warden -- checks" explains what is looked for; "npm run warden -- sweep --help" sweeps your own tenant.`,
  );
}

/**
 * Tells what becomes of drift: of several, somebody accepts the least bad, and whoever opened the worst has closed it by
 * the next sweep, as far as the estate's own timeline says so. Undefined where nothing has drifted.
 */
async function endDrift(
  findings: ComparedFinding[],
  session: Session,
  store: Store,
  say: (text: string) => void,
): Promise<WholeSweep | undefined> {
  const { simulator } = session;
  const drifted = inReadingOrder(findings).filter(({ checkId, status }) => checkId === DRIFT && status !== 'resolved');
  const accepted = drifted.at(-1);
  if (!simulator || !accepted) return undefined;
  say(heading('What becomes of the drift'));
  for (const { reason } of drifted) say(`  ${plain(reason)}`);
  const given = {
    at: simulator.now().toISOString(),
    by: 'tomas.novak@contoso.com',
    reason: 'vendor migration, until Friday',
  };
  const told = await acceptRegistries(store, [accepted.registryName], given);
  say(`  Accepted by ${given.by}, "${given.reason}": ${told.trim()}`);
  simulator.advanceTo(new Date(simulator.now().getTime() + HOUR_MS / 2).toISOString());
  const swept = await sweepOnce(session, store);
  for (const { checkId, status, statusReason, registryName } of swept.shards.flatMap((shard) => shard.findings)) {
    if (checkId !== DRIFT) continue;
    say(`  ${simulator.now().toISOString()}: ${registryName} ${status}${statusReason ? ` (${statusReason})` : ''}`);
  }
  return swept;
}

function sweepOnce(session: Session, store: Store): Promise<WholeSweep> {
  return sweepAll(session, { policy: DEFAULT_POLICY, store, publish: true, sweptAt: session.clock().toISOString() });
}

const MEANING: Record<Status, string> = {
  new: 'was not there before',
  changed: 'other evidence or severity',
  ongoing: 'as before (not listed above)',
  resolved: 'gone',
  unverified: 'was open, and could not be looked at again: not called fixed',
};

function statusLines(findings: ComparedFinding[]): string {
  const statuses: Status[] = ['new', 'changed', 'ongoing', 'resolved', 'unverified'];
  return statuses
    .map((status) => {
      const own = inReadingOrder(findings).filter((finding) => finding.status === status);
      return `  ${String(own.length).padStart(3)} ${status.padEnd(10)} ${MEANING[status]}`;
    })
    .join('\n');
}

function rowLines({ workspace, defects }: Simulator): string {
  const lines = Object.entries(workspace.tables)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([table, rows]) => `  ${String(rows.length).padStart(4)} ${table}`);
  for (const { service, message } of defects) lines.push(styleText('red', `  ${service}: ${plain(message)}`));
  return lines.join('\n');
}

function foldersIn(out: string) {
  return { rows: join(out, 'rows'), cards: join(out, 'cards') };
}

/** Makes the folders of the results, before anything is swept for them. */
async function makeFolders(out: string): Promise<void> {
  try {
    for (const folder of Object.values(foldersIn(out))) await mkdir(folder, { recursive: true });
    await mustBeWritable(join(out, 'report.html'));
  } catch (cause) {
    throw new Error(`the results cannot be written into ${out}: name another folder with --out`, { cause });
  }
}

async function removeFrom(folder: string, names: RegExp): Promise<void> {
  for (const name of await readdir(folder)) if (names.test(name)) await rm(join(folder, name));
}

async function writeResults(
  out: string,
  swept: WholeSweep,
  session: Session,
  { workspace, teams }: Simulator,
  told: Notification[],
): Promise<string[]> {
  const { rows, cards } = foldersIn(out);
  // Those of an earlier demo are not of this one; whatever else lies there is somebody's own.
  await removeFrom(cards, /^\d+\.json$/);
  await removeFrom(rows, /^AcrWarden\w+_CL\.json$/);
  const document = documentOf(swept, session.environment);
  const files: [string, string][] = [
    [join(out, 'report.html'), htmlReport(document)],
    [join(out, 'findings.json'), `${JSON.stringify(document, null, 2)}\n`],
    [join(out, 'alerts.json'), `${JSON.stringify(told, null, 2)}\n`],
    ...Object.entries(workspace.tables).map(([table, own]): [string, string] => [
      join(rows, `${table}.json`),
      `${JSON.stringify(own, null, 2)}\n`,
    ]),
  ];
  const cardTexts = cardFiles(teams).map(([name, text]): [string, string] => [join(cards, name), text]);
  for (const [file, text] of [...files, ...cardTexts]) await writeFile(file, text);
  return [
    ...files.map(([file]) => file),
    `${cards} (${cardTexts.length} cards as Teams gets them; while alerts rain, one card stands for many)`,
  ];
}

function heading(text: string): string {
  return styleText('bold', text, { stream: process.stdout });
}
