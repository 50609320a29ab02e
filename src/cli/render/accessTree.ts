import type { PrincipalAccess } from '../../access/reverse.ts';
import type { RegistryAccess, ShownCredential, ShownPrincipal, ShownWay } from '../../access/tree.ts';
import { minuteOf } from '../../model/instant.ts';
import { counted, plain } from './terminal.ts';

/** A line with lines below it. */
interface Branch {
  text: string;
  below?: Branch[];
}

/** The graph of a registry as people read it. */
export function registryTree(access: RegistryAccess): string {
  const { registry, mode, principals, tokens, ignored, caches, gaps } = access;
  const branches: Branch[] = [
    ...principals.map(principalBranch),
    ...tokens.map(principalBranch),
    { text: `admin account: ${access.adminAccount ? 'on, one password that pulls, pushes and deletes' : 'off'}` },
    { text: `anonymous pull: ${access.anonymousPull ? 'on, everybody pulls' : 'off'}` },
    ...ignored.map(({ principal, roles }) => ({ text: `ignored in ABAC mode: ${roles.join(', ')} of ${principal}` })),
    ...caches.map(({ set, upstream, works }) => ({
      text: `caches ${upstream} with credential set ${set}, which ${works ? 'works' : 'does not work'}`,
    })),
  ];
  const how = mode === 'AbacRepositoryPermissions' ? 'rights per repository (ABAC)' : 'rights for the whole registry';
  return drawn({ text: `${registry}: ${how}`, below: branches }) + unread(gaps);
}

/** The graph of one principal as people read it. */
export function principalTree(access: PrincipalAccess): string {
  const { below = [], text } = principalBranch(access);
  const opens = access.registries.map(({ registry, grants }) => ({ text: `${registry}: ${rights(grants)}` }));
  const ignored = access.ignored.map(({ registry, roles }) => ({
    text: `ignored by ${registry}, which is in ABAC mode: ${roles.join(', ')}`,
  }));
  const count = { text: opened(access), below: opens };
  return drawn({ text, below: [...below, ...ignored, count] }) + unread(access.gaps);
}

/** How many registries somebody opens, and how many more perhaps. */
function opened({ registries }: PrincipalAccess): string {
  const maybe = registries.filter(({ grants }) => grants === null).length;
  const sure = registries.length - maybe;
  if (maybe === 0) return `opens ${counted(sure, 'registry', 'registries')}`;
  const most = counted(maybe, 'registry', 'registries');
  return sure === 0 ? `may open ${most}` : `opens ${counted(sure, 'registry', 'registries')}, may open ${maybe} more`;
}

function principalBranch({ kind, name, id, grants, ways, credentials, note, people = [] }: ShownPrincipal): Branch {
  return {
    text: `${kind} ${name}${name === id || kind === 'token' ? '' : ` (${id})`}: ${rights(grants)}`,
    below: [
      ...ways.map((way) => ({ text: wayText(way) })),
      ...credentials.map((credential) => ({ text: credentialText(credential) })),
      ...(note ? [{ text: note }] : []),
      ...(people.length > 0 ? [{ text: 'people in it', below: people.map((text) => ({ text })) }] : []),
    ],
  };
}

function wayText({ role, scope, group, condition, grants }: ShownWay): string {
  const through = group ? `, through group ${group}` : '';
  const only = condition === undefined ? '' : `, only if ${condition}`;
  return `${role} at ${scope}${through}: ${rights(grants)}${only}`;
}

function rights(grants: ShownWay['grants']): string {
  return grants ? grants.join(', ') || 'nothing' : 'not known';
}

function credentialText({ name, state, expiresOn }: ShownCredential): string {
  if (!expiresOn) return `${name}: ${state}, without an end`;
  return state === 'expired'
    ? `${name}: expired on ${minuteOf(expiresOn)}`
    : `${name}: ${state}, until ${minuteOf(expiresOn)}`;
}

function unread(gaps: string[]): string {
  if (gaps.length === 0) return '';
  return `\nNot everything could be read, so there may be more:\n${gaps.map((gap) => `  ${plain(gap)}`).join('\n')}\n`;
}

function drawn({ text, below = [] }: Branch): string {
  return `${plain(text)}\n${below.map((branch, index) => limb(branch, '', index === below.length - 1)).join('')}`;
}

function limb({ text, below = [] }: Branch, indent: string, isLast: boolean): string {
  const deeper = `${indent}${isLast ? '   ' : '│  '}`;
  const rest = below.map((branch, index) => limb(branch, deeper, index === below.length - 1)).join('');
  return `${indent}${isLast ? '└─ ' : '├─ '}${plain(text)}\n${rest}`;
}
