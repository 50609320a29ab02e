import { styleText } from 'node:util';
import { table } from 'table';
import { stringify } from 'yaml';
import type { Instant } from '../../model/estate.ts';
import { dayOf } from '../../model/instant.ts';
import type { RegistrySelector } from '../../model/policy.ts';
import type { ExpectationOrigin, PostureField } from '../../model/posture.ts';
import { openingsOf } from '../openings.ts';
import { selectorsFor } from '../selectors.ts';
import { plain, type Screen } from './terminal.ts';

/** What is expected of one registry, as it is shown. */
export interface ShownBaseline {
  name: string;
  registryId: string;
  firstSeenAt: Instant;
  accepted?: { at: Instant; by: string; reason: string };
  fields: ShownField[];
}

interface ShownField {
  field: PostureField;
  expected: unknown;
  origin: ExpectationOrigin | null;
  /** null: the last sweep did not see the registry */
  live: unknown;
  differs: boolean;
}

/** One block a registry: where the expectation comes from, then field by field, differences marked. */
export function baselineTable(registries: ShownBaseline[], { stream }: Screen): string {
  if (registries.length === 0)
    return 'No registry is known: sweeps with this state have seen none that is still there.\n';
  return registries.map((registry) => block(registry, stream)).join('\n');
}

function block({ name, firstSeenAt, accepted, fields }: ShownBaseline, stream: Screen['stream']): string {
  const heading = styleText('bold', plain(name), { stream });
  const seen = `first seen ${dayOf(firstSeenAt)}`;
  const word = accepted ? `, accepted ${dayOf(accepted.at)} by ${accepted.by}: ${accepted.reason}` : '';
  const rows = fields.map(({ field, expected, origin, live, differs }) => [
    field,
    textOf(expected),
    origin ?? '',
    differs ? styleText('yellow', textOf(live), { stream }) : textOf(live),
  ]);
  const text = table([['FIELD', 'EXPECTED', 'FROM', 'LAST SEEN'], ...rows], {
    columns: [{ width: 17 }, { width: 30, wrapWord: true }, { width: 10 }, { width: 30, wrapWord: true }],
    drawVerticalLine: () => false,
    drawHorizontalLine: (line) => line === 1,
  });
  return `${heading} (${plain(`${seen}${word}`)})\n${text}`;
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '-';
  return plain(Array.isArray(value) ? value.join(', ') || 'none' : String(value));
}

/**
 * The `network` section of a warden.yaml that expects what is expected now, but for what opens a registry and nobody has
 * accepted: that was only there when it was seen first.
 */
export function exportedRules(registries: ShownBaseline[]): string {
  if (registries.length === 0) return 'network: []\n';
  const selectorOf = selectorsFor(registries.map(idOf));
  return `network:\n${registries.map((one) => ruleOf(one, selectorOf(idOf(one)))).join('')}`;
}

function idOf({ name, registryId }: ShownBaseline): { id: string; name: string } {
  return { id: registryId, name };
}

function ruleOf({ fields }: ShownBaseline, selector: RegistrySelector): string {
  const remarks = fields.flatMap((one) => remarksOn(one, fields).map((remark) => `  # ${remark}\n`));
  const wanted = fields.filter((one) => isRule(one, fields)).map(({ field, expected }) => [field, expected]);
  const rule = stringify([{ ...selector, expect: Object.fromEntries(wanted) }], { lineWidth: 120 });
  return `${remarks.join('')}${rule.replace(/^(?=.)/gm, '  ')}`;
}

/** The policy takes IP rules only where Azure looks at them. */
function isRule(one: ShownField, fields: ShownField[]): boolean {
  const behindRules = fields.some(({ field, expected }) => field === 'exposure' && expected === 'selected-networks');
  return one.expected !== null && remarksOn(one, fields).length === 0 && (one.field !== 'ipRules' || behindRules);
}

/** Why a field is left out: nobody has accepted what it opens, or the policy refuses it beside the exposure. */
function remarksOn(one: ShownField, fields: ShownField[]): string[] {
  if (one.field !== 'exportPolicy' || one.expected !== 'disabled') return unaccepted(one);
  const contradicted = fields.some(
    (other) => other.field === 'exposure' && other.expected !== 'private' && unaccepted(other).length === 0,
  );
  return contradicted ? ['Azure takes exportPolicy: disabled only with exposure: private'] : [];
}

function unaccepted({ field, expected, origin }: ShownField): string[] {
  return origin === 'first-seen' ? openingsOf({ [field]: expected }) : [];
}
