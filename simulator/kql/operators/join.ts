import { freeName } from '../compile/columns.ts';
import { compileTabular } from '../compile/query.ts';
import type { Relation, Scope } from '../compile/scope.ts';
import { unsupportedAt } from '../errors.ts';
import { childOf, need, parametersOf, type Syntax } from '../syntax.ts';
import { type KqlColumn, type KqlValue, nullOf, type Row } from '../values/types.ts';
import { indexOf, keyReader, keysIn, keysOf, type MapKey } from './join-keys.ts';

function emptyRow(columns: readonly KqlColumn[]): KqlValue[] {
  return columns.map((column) => nullOf(column.type));
}

const KINDS: Readonly<Record<string, string>> = {
  anti: 'leftanti',
  leftantisemi: 'leftanti',
  rightantisemi: 'rightanti',
};
const KNOWN = [
  'innerunique',
  'inner',
  'leftouter',
  'rightouter',
  'fullouter',
  'leftsemi',
  'rightsemi',
  'leftanti',
  'rightanti',
];

function kindOf(node: Syntax, fallback: string): string {
  const given = parametersOf(node).get('kind')?.text.toLowerCase() ?? fallback;
  const kind = KINDS[given] ?? given;
  if (!KNOWN.includes(kind)) throw unsupportedAt(node, `join kind=${given}`);
  return kind;
}

/** `join`: the left columns, then the right ones, numbered where a name is taken (page "join operator"). */
export function compileJoin(node: Syntax, left: Relation, scope: Scope): Relation {
  const kind = kindOf(node, 'innerunique');
  const right = compileTabular(need(node, 'Expression'), scope);
  const clause = childOf(node, 'ConditionClause');
  if (clause?.kind !== 'JoinOnClause') throw unsupportedAt(node, 'a join without on');
  const keys = keysOf(clause, left, right, scope);
  const leftKey = keyReader(keys.left);
  const rightKey = keyReader(keys.right);
  if (kind.endsWith('semi') || kind.endsWith('anti')) {
    return kind.startsWith('left')
      ? filtered(left, leftKey, right, rightKey, kind.endsWith('semi'))
      : filtered(right, rightKey, left, leftKey, kind.endsWith('semi'));
  }
  const all = right.columns.map((_, i) => i);
  return matched({ left, right, leftKey, rightKey, kind, kept: all });
}

/** `lookup`: a join without the right key columns; leftouter unless it says inner. */
export function compileLookup(node: Syntax, left: Relation, scope: Scope): Relation {
  const kind = kindOf(node, 'leftouter');
  if (kind !== 'leftouter' && kind !== 'inner') throw unsupportedAt(node, `lookup kind=${kind}`);
  const right = compileTabular(need(node, 'Expression'), scope);
  const keys = keysOf(need(node, 'LookupClause'), left, right, scope);
  const kept = right.columns.flatMap((column, i) => (keys.rightNames.includes(column.name) ? [] : [i]));
  return matched({ left, right, leftKey: keyReader(keys.left), rightKey: keyReader(keys.right), kind, kept });
}

/** The rows of one side that have, or have no, partner on the other. */
function filtered(
  side: Relation,
  keyOf: (row: Row) => MapKey | undefined,
  other: Relation,
  otherKey: (row: Row) => MapKey | undefined,
  wanted: boolean,
): Relation {
  return {
    columns: side.columns,
    serialized: false,
    run(emit) {
      const keys = keysIn(other, otherKey);
      side.run((row) => {
        const key = keyOf(row);
        return (key !== undefined && keys.has(key)) !== wanted || emit(row);
      });
    },
  };
}

interface Match {
  left: Relation;
  right: Relation;
  leftKey: (row: Row) => MapKey | undefined;
  rightKey: (row: Row) => MapKey | undefined;
  kind: string;
  /** Places of the right columns in the result. */
  kept: readonly number[];
}

function matched({ left, right, leftKey, rightKey, kind, kept }: Match): Relation {
  const columns: KqlColumn[] = [...left.columns];
  const taken = new Set(columns.map((column) => column.name));
  const rightColumns = kept.flatMap((place) => right.columns[place] ?? []);
  for (const { name, type } of rightColumns) {
    const free = freeName(name, taken);
    taken.add(free);
    columns.push({ name: free, type });
  }
  const keepLeft = kind === 'leftouter' || kind === 'fullouter';
  const keepRight = kind === 'rightouter' || kind === 'fullouter';
  const pick = (row: Row): KqlValue[] => kept.map((place) => row[place] ?? null);
  const noLeft = emptyRow(left.columns);
  const noRight = emptyRow(rightColumns);
  return {
    columns,
    serialized: false,
    run(emit) {
      const { rows, byKey } = indexOf(right, rightKey);
      const used = new Set<MapKey>();
      let open = true;
      left.run((row) => {
        const key = leftKey(row);
        // innerunique: one row of the left side for each key
        if (kind === 'innerunique' && key !== undefined && used.has(key)) return true;
        const partners = key === undefined ? undefined : byKey.get(key);
        if (key !== undefined) used.add(key);
        if (partners) for (const partner of partners) open = open && emit([...row, ...pick(partner)]);
        else if (keepLeft) open = emit([...row, ...noRight]);
        return open;
      });
      if (!keepRight) return;
      for (const row of rows) {
        const key = rightKey(row);
        if (open && (key === undefined || !used.has(key))) open = emit([...noLeft, ...pick(row)]);
      }
    },
  };
}
