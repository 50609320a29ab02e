import { readFileSync } from 'node:fs';
import { styleText } from 'node:util';
import { Command } from 'commander';
import { CHECKS } from '../checks/index.ts';
import type { Check } from '../model/check.ts';
import { SOURCES, withPrerequisites } from '../model/source.ts';
import { PEERS } from '../peers.ts';
import { notEmpty } from './notEmpty.ts';

export function checksCommand(): Command {
  return new Command('checks').argument('[id]', 'a check', notEmpty).action((id: string | undefined) => {
    process.stdout.write(id === undefined ? catalogue() : explained(id));
  });
}

function catalogue(): string {
  const width = Math.max(...CHECKS.map(({ id }) => id.length));
  const lines = CHECKS.map(
    ({ id, severity, category, title }) =>
      `${id.padEnd(width)}  ${severity.padEnd(8)}  ${category.padEnd(11)}  ${title}`,
  );
  return `${lines.join('\n')}\n\nacr-warden checks <id> explains one.\n`;
}

function explained(id: string): string {
  const check = CHECKS.find((one) => one.id === id);
  if (!check) throw new Error(`there is no check '${id}'; acr-warden checks lists them`);
  const text = readFileSync(new URL(`../../docs/checks/${id}.md`, import.meta.url), 'utf8');
  const [, ...body] = text.split('\n');
  const heading = styleText('bold', `${check.id}: ${check.title}`);
  return `${heading}\n${check.category}, ${check.severity}${check.category === 'hygiene' ? ', with profile full' : ''}\n${body.join('\n').trimEnd()}\n\nOther tools\n\n${peersOf(check)}\n\nPermissions\n\n${permissions(check)}\n`;
}

/** What other tools call it, and where this one judges otherwise. */
function peersOf({ id }: Check): string {
  const { names = [], differs } = PEERS[id] ?? {};
  return [...(names.length > 0 ? names : ['nobody']), ...(differs ? ['', differs] : [])].join('\n');
}

/** Each permission that the check costs, once. */
function permissions(check: Check): string {
  const all = new Set([...withPrerequisites(check.needs)].map((source) => SOURCES[source].permission));
  const who = `${SOURCES.activityLog.permission} (who made a change that Resource Graph does not know)`;
  const lines = [...[...all].sort(), ...(check.about || check.saysWho ? [who] : [])];
  return lines.length === 0 ? 'none of its own' : lines.join('\n');
}
