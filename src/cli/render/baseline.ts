import { styleText } from 'node:util';
import { table } from 'table';
import { stringify } from 'yaml';
import { parseArmId } from '../../model/armId.ts';
import type { Instant } from '../../model/estate.ts';
import { dayOf } from '../../model/instant.ts';
import type { RegistrySelector } from '../../model/policy.ts';
import type { ExpectationOrigin, PostureField } from '../../model/posture.ts';
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
  if (registries.length === 0) return 'No registry is known yet: sweep once with this state.\n';
  return registries.map((registry) => block(registry, stream)).join('\n');
}

function block({ name, firstSeenAt, accepted, fields }: ShownBaseline, stream: NodeJS.WriteStream): string {
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

/** The `network` section of a warden.yaml that expects exactly what is expected now. */
export function exportedRules(registries: ShownBaseline[]): string {
  const byName = Map.groupBy(registries, ({ name }) => name.toLowerCase());
  const network = registries.map(({ name, registryId, fields }) => ({
    registry: name,
    ...(byName.get(name.toLowerCase())?.length !== 1 && placeOf(registryId)),
    expect: Object.fromEntries(
      fields.filter((one) => isRule(one, fields)).map(({ field, expected }) => [field, expected]),
    ),
  }));
  return stringify({ network }, { lineWidth: 120 });
}

/** What tells registries of one name apart. */
function placeOf(registryId: string): Required<Pick<RegistrySelector, 'resourceGroup' | 'subscription'>> {
  const { resourceGroup, subscriptionId } = parseArmId(registryId);
  return { resourceGroup, subscription: subscriptionId };
}

/** The policy takes IP rules only where Azure looks at them. */
function isRule({ field, expected }: ShownField, fields: ShownField[]): boolean {
  const behindRules = fields.some((one) => one.field === 'exposure' && one.expected === 'selected-networks');
  return expected !== null && (field !== 'ipRules' || behindRules);
}
