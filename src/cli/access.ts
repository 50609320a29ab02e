import { Command, Option } from 'commander';
import { credentialsOf } from '../access/credentials.ts';
import { accessOf, principalsNamed } from '../access/reverse.ts';
import { accessTo, gapLines, holdersAt } from '../access/tree.ts';
import type { Azure } from '../azure.ts';
import { readCredentialSets } from '../collect/credentialSets.ts';
import { readFederated } from '../collect/federated.ts';
import { readGroupPeople } from '../collect/groupPeople.ts';
import { unremembered } from '../collect/seldom.ts';
import { collectTenant } from '../collect/tenantShard.ts';
import { readScopeMaps, readTokens } from '../collect/tokens.ts';
import type { Facts, Registry } from '../model/estate.ts';
import type { Policy } from '../model/policy.ts';
import { type Source, withPrerequisites } from '../model/source.ts';
import { planSweep } from '../plan.ts';
import { memoryStore } from '../state/memory.ts';
import { notEmpty } from './notEmpty.ts';
import { policyFrom } from './policyFile.ts';
import { quotaShareOption } from './quotaShare.ts';
import { principalTree, registryTree } from './render/accessTree.ts';
import { azureSession, type Session, simulatedSession } from './session.ts';
import { signedIn } from './signedIn.ts';

/** Needs no login. */
const INSTEAD = 'acr-warden access contososhop --simulator guide';

/** What is shown of principals; a policy says which checks take part, and none does here. */
const SHOWN: Source[] = ['groups', 'users', 'federatedCredentials', 'clusters'];

export interface AccessFlags {
  principal?: string;
  people?: boolean;
  simulator?: string;
  policy?: string;
  format: 'table' | 'json';
  quotaShare?: number;
}

export function accessCommand(): Command {
  return new Command('access')
    .argument('[registry]', 'name or resource id of a registry', notEmpty)
    .option('--principal <id|name>', 'the reverse: what this principal opens', notEmpty)
    .option('--people', 'who is in the groups, by name')
    .option('--simulator <name|file>', 'look at this estate instead of Azure', notEmpty)
    .option('--policy <file>', 'warden.yaml: which subscriptions, whom to ask', notEmpty)
    .addOption(new Option('--format <format>', 'what is printed').choices(['table', 'json']).default('table'))
    .addOption(quotaShareOption())
    .action(async (registry: string | undefined, flags: AccessFlags) => {
      process.stdout.write(await access(registry, flags));
    });
}

/** The text that the command prints; throws with one sentence where it cannot. */
export async function access(registry: string | undefined, flags: AccessFlags): Promise<string> {
  if ((registry === undefined) === (flags.principal === undefined)) {
    throw new Error('name one registry, as in "acr-warden access shop", or one --principal');
  }
  const session = flags.simulator ? await simulatedSession(flags.simulator) : azureSession(flags.quotaShare);
  const policy = policyFrom({ ...(flags.policy && { policy: flags.policy }) });
  const now = session.clock().toISOString();
  const azure = session.connect();
  const facts = await signedIn(INSTEAD, () => factsOf(azure, session, policy, now));
  if (registry !== undefined) {
    const found = registryNamed(registry, facts);
    await signedIn(INSTEAD, () => addOwn(azure, found, facts));
    const ids = new Set(holdersAt(found, facts));
    await signedIn(INSTEAD, () => addAbout(azure, ids, facts, now, flags));
    const tree = accessTo(found, facts, credentialsOf(facts, now, policy));
    return flags.format === 'json' ? `${JSON.stringify(tree, null, 2)}\n` : registryTree(tree);
  }
  const wanted = flags.principal ?? '';
  const ids = new Set(principalsNamed(wanted, facts));
  await signedIn(INSTEAD, () => addAbout(azure, ids, facts, now, flags));
  const found = accessOf(wanted, facts, credentialsOf(facts, now, policy));
  if (found.length === 0)
    throw new Error(
      `no principal '${wanted}' holds a role at a registry (of people, roles of their own)${unread(facts)}`,
    );
  return flags.format === 'json' ? `${JSON.stringify(found, null, 2)}\n` : found.map(principalTree).join('\n');
}

/** Who has which right anywhere, as the tenant shard reads it. */
async function factsOf(azure: Azure, { tenantId }: Session, policy: Policy, now: string): Promise<Facts> {
  const plan = await planSweep(azure, memoryStore(), { policy, sweptAt: now, ...(tenantId && { tenantId }) });
  const facts = await collectTenant(azure, {
    tenantId: plan.tenantId,
    subscriptions: plan.subscriptions,
    inScope: () => true,
    vaults: [],
    needed: withPrerequisites(SHOWN),
    memory: unremembered(now),
    evenUnread: true,
  });
  facts.gaps.push(...plan.gaps);
  return facts;
}

/** What the registry itself knows of who may come in. */
async function addOwn(azure: Azure, registry: Registry, facts: Facts): Promise<void> {
  facts.tokens = (await readTokens(azure, registry, facts.gaps)).tokens;
  facts.scopeMaps = await readScopeMaps(azure, registry, facts.gaps);
  facts.credentialSets = await readCredentialSets(azure, registry, facts.gaps);
}

/** What no sweep asks about principals: how those sign in who have no secret, and who is in groups. */
async function addAbout(
  azure: Azure,
  wanted: ReadonlySet<string>,
  facts: Facts,
  now: string,
  { people = false }: AccessFlags,
): Promise<void> {
  const principals = facts.servicePrincipals.filter(({ id }) => wanted.has(id.toLowerCase()));
  const own = new Set(principals.map(({ appId }) => appId.toLowerCase()));
  const applications = facts.applications.filter(({ appId }) => own.has(appId.toLowerCase()));
  const isWanted = (secrets: number): boolean => secrets === 0;
  await readFederated(azure, principals, applications, unremembered(now), facts.gaps, { isWanted });
  const groups = facts.groups.filter(({ id }) => wanted.has(id.toLowerCase()));
  if (people) await readGroupPeople(azure, groups, facts.gaps);
}

function registryNamed(wanted: string, facts: Facts): Registry {
  const text = wanted.toLowerCase();
  const found = facts.registries.find(({ id, name, loginServer }) =>
    [id, name, loginServer].some((one) => one.toLowerCase() === text),
  );
  if (found) return found;
  const names = facts.registries.map(({ name }) => name).sort();
  const some = names.length > 0 ? `; there are ${names.slice(0, 20).join(', ')}${names.length > 20 ? ', …' : ''}` : '';
  throw new Error(`there is no registry '${wanted}'${some}${unread(facts)}`);
}

function unread(facts: Facts): string {
  const lines = gapLines(facts);
  return lines.length === 0 ? '' : `, or it could not be read (${lines.join('; ')})`;
}
