import { Command, Option } from 'commander';
import { expectedPosture } from '../baseline.ts';
import { POSTURE_FIELDS, type Posture } from '../model/posture.ts';
import { changedFields, sameValue } from '../posture.ts';
import { acceptPosture } from '../state/baselines.ts';
import { findRegistries, type KnownRegistry, knownRegistries } from '../state/knownRegistries.ts';
import { openStore } from '../state/open.ts';
import type { Store } from '../state/store.ts';
import { noneEmpty, notEmpty } from './notEmpty.ts';
import { baselineTable, exportedRules, type ShownBaseline } from './render/baseline.ts';
import { screenOf } from './render/terminal.ts';
import { azureSession } from './session.ts';
import { whoAmI } from './whoAmI.ts';

interface StateFlags {
  state: string;
}

export function baselineCommand(): Command {
  return new Command('baseline').addCommand(showCommand()).addCommand(acceptCommand()).addCommand(exportCommand());
}

function withState(command: Command): Command {
  return command.requiredOption(
    '--state <folder|url>',
    'where sweeps keep what they know: a folder or a blob container',
    notEmpty,
  );
}

function showCommand(): Command {
  return withState(new Command('show'))
    .description('what is expected, field by field, beside what the last sweep saw')
    .argument('[registry...]', 'names or resource ids; without any, all that are known', noneEmpty)
    .addOption(new Option('--format <format>', 'what is printed').choices(['table', 'json']).default('table'))
    .action(async (wanted: string[], { state, format }: StateFlags & { format: 'table' | 'json' }) => {
      const { store } = open(state);
      const registries = wanted.length > 0 ? await findRegistries(store, wanted) : await knownRegistries(store);
      const shown = registries.map(shownOf);
      process.stdout.write(
        format === 'json' ? `${JSON.stringify(shown, null, 2)}\n` : baselineTable(shown, screenOf(process.stdout)),
      );
    });
}

/** Who accepts, when and why. */
interface Given {
  at: string;
  by: string;
  reason: string;
}

interface AcceptFlags extends StateFlags {
  reason: string;
  by?: string;
}

function acceptCommand(): Command {
  return withState(new Command('accept'))
    .description('say that the posture which the last sweep saw is right; the next sweep tells it as a change')
    .argument('<registry...>', 'names or resource ids', noneEmpty)
    .requiredOption('--reason <text>', 'why')
    .option('--by <name>', 'who; without it your Azure login, or your account where the state is a folder', notEmpty)
    .action(async (wanted: string[], { state, reason, by }: AcceptFlags) => {
      if (reason.trim() === '') throw new Error('--reason is empty: say why the posture is right');
      const { store, credential, clock } = open(state);
      const given = { at: clock().toISOString(), by: by ?? (await whoAmI(state, credential)), reason };
      process.stdout.write(await acceptRegistries(store, wanted, given));
    });
}

function exportCommand(): Command {
  return withState(new Command('export'))
    .description('what is expected now as rules for warden.yaml, so that it is kept beside your code')
    .argument('[registry...]', 'names or resource ids; without any, all that are known', noneEmpty)
    .action(async (wanted: string[], { state }: StateFlags) => {
      const { store } = open(state);
      const registries = wanted.length > 0 ? await findRegistries(store, wanted) : await knownRegistries(store);
      process.stdout.write(exportedRules(registries.map(shownOf)));
    });
}

function open(state: string) {
  const { credential, clock } = azureSession();
  return { store: openStore(state, credential), credential, clock };
}

/** What the last sweep took from the policy holds; the rest is what is kept now. */
function shownOf({ name, baseline, snapshot }: KnownRegistry): ShownBaseline {
  const judged = snapshot?.expected;
  const fromPolicy = POSTURE_FIELDS.filter((field) => judged?.origins[field] === 'policy');
  const policy = Object.fromEntries(fromPolicy.map((field) => [field, judged?.values[field]]));
  const { values, origins } = expectedPosture(policy, baseline);
  const fields = POSTURE_FIELDS.map((field) => ({
    field,
    expected: values[field] ?? null,
    origin: origins[field] ?? null,
    live: snapshot?.settings[field] ?? null,
    differs: snapshot !== undefined && field in values && !sameValue(values[field], snapshot.settings[field]),
  }));
  const { registryId, firstSeen, accepted } = baseline;
  const acceptance = accepted && { at: accepted.at, by: accepted.by, reason: accepted.reason };
  return { name, registryId, firstSeenAt: firstSeen.at, ...(acceptance && { accepted: acceptance }), fields };
}

function withLive(registry: KnownRegistry): { registry: KnownRegistry; live: Posture } {
  const { snapshot, name } = registry;
  if (!snapshot) throw new Error(`the last sweep did not see ${name}: sweep again, then accept what it shows`);
  const { roleAssignmentMode: _mode, sku: _sku, ...live } = snapshot.settings;
  return { registry, live };
}

/** Accepts what the last sweep saw of these registries, all of them or none; says what that was. */
export async function acceptRegistries(store: Store, wanted: string[], given: Given): Promise<string> {
  // A name that is not known must not leave half of them accepted.
  const registries = (await findRegistries(store, wanted)).map(withLive);
  let told = '';
  for (const { registry, live } of registries) told += await acceptOne(store, registry, live, given);
  return told;
}

async function acceptOne(
  store: Store,
  { name, subscriptionId, baseline, snapshot }: KnownRegistry,
  live: Posture,
  given: Given,
): Promise<string> {
  const fields = changedFields((baseline.accepted ?? baseline.firstSeen).posture, live);
  const { registryId } = baseline;
  if (fields.length > 0) await acceptPosture(store, { registryId, subscriptionId }, live, given);
  const told =
    fields.length > 0
      ? `${name}: accepted ${fields.map((field) => `${field} = ${JSON.stringify(live[field])}`).join(', ')}`
      : `${name}: nothing to accept, it is as it was accepted or first seen`;
  const overruled = POSTURE_FIELDS.filter(
    (field) =>
      snapshot?.expected.origins[field] === 'policy' && !sameValue(snapshot.expected.values[field], live[field]),
  );
  const rest = overruled.length > 0 ? `; of ${overruled.join(', ')} warden.yaml counts more: change it there` : '';
  return `${told}${rest}\n`;
}
