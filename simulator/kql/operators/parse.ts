import { coerce } from '../compile/coerce.ts';
import { newProjection } from '../compile/columns.ts';
import { compileExpression } from '../compile/expression.ts';
import { compileRegex } from '../compile/regex.ts';
import { type Relation, rowScope, type Scope } from '../compile/scope.ts';
import { placedAt, unsupportedAt } from '../errors.ts';
import { itemsOf, need, parametersOf, type Syntax } from '../syntax.ts';
import { convertTo } from '../values/convert.ts';
import { text } from '../values/int64.ts';
import { type KqlColumn, type KqlType, type KqlValue, nullOf, typeNamed } from '../values/types.ts';

interface Pattern {
  regex: RegExp;
  columns: KqlColumn[];
  /** relaxed: a column that does not fit its type is null, the others stay. */
  relaxed: boolean;
}

const DIGITS: Readonly<Partial<Record<KqlType, string>>> = {
  long: '[+-]?\\d+',
  int: '[+-]?\\d+',
  real: '[+-]?\\d*\\.?\\d+(?:[eE][+-]?\\d+)?',
  decimal: '[+-]?\\d*\\.?\\d+',
};

function quoted(source: string): string {
  return source.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
}

function columnOf(part: Syntax): KqlColumn {
  if (part.kind === 'NameDeclaration') return { name: part.value, type: 'string' };
  const type = typeNamed(need(part, 'Type').text);
  if (!type) throw unsupportedAt(part, `the type ${need(part, 'Type').text}`);
  return { name: need(part, 'Name').value, type };
}

/** The pattern as one regular expression: in simple mode lazy, in regex mode greedy unless flags say U. */
function patternOf(node: Syntax): Pattern {
  const parameters = parametersOf(node);
  for (const name of parameters.keys()) {
    if (name !== 'kind' && name !== 'flags') throw unsupportedAt(node, `parse ${name}=`);
  }
  const kind = parameters.get('kind')?.text ?? 'simple';
  if (!/^(simple|regex|relaxed)$/.test(kind)) throw unsupportedAt(node, `parse kind=${kind}`);
  const any = kind === 'regex' ? '.*' : '[\\s\\S]*?';
  const columns: KqlColumn[] = [];
  let source = '';
  for (const part of itemsOf(node, 'Patterns')) {
    if (part.kind === 'StarExpression') source += any;
    else if (part.kind === 'StringLiteralExpression') {
      const value = need(part, 'Token').value;
      source += kind === 'regex' ? value : quoted(value);
    } else if (part.kind === 'NameDeclaration' || part.kind === 'NameAndTypeDeclaration') {
      const column = columnOf(part);
      const digits = DIGITS[column.type];
      const fitting = digits === undefined ? any : kind === 'relaxed' ? `${digits}|${any}` : digits;
      source += `(?P<kql${columns.push(column)}>${fitting})`;
    } else throw unsupportedAt(part, `${part.text} in parse`);
  }
  const flags = kind === 'regex' ? (parameters.get('flags')?.text ?? '') : '';
  try {
    return { regex: compileRegex(`^${source}$`, flags), columns, relaxed: kind === 'relaxed' };
  } catch (error) {
    throw placedAt(node, error);
  }
}

/** The parsed cells; undefined when the text does not fit. */
function parsed(pattern: Pattern, value: string): KqlValue[] | undefined {
  pattern.regex.lastIndex = 0;
  const groups = pattern.regex.exec(value)?.groups;
  if (!groups) return undefined;
  const cells: KqlValue[] = [];
  for (const [i, { type }] of pattern.columns.entries()) {
    const cell = convertTo(groups[`kql${i + 1}`] ?? '', 'string', type);
    if (cell === null && !pattern.relaxed) return undefined;
    cells.push(cell);
  }
  return cells;
}

function compile(node: Syntax, input: Relation, scope: Scope, keepFailed: boolean): Relation {
  const source = coerce(compileExpression(need(node, 'Expression'), rowScope(scope, input.columns)), 'string').eval;
  const pattern = patternOf(node);
  const width = input.columns.length;
  const projection = newProjection();
  input.columns.forEach(({ name, type }, i) => {
    projection.add(name, type, (row) => row[i] ?? null);
  });
  pattern.columns.forEach(({ name, type }, i) => {
    projection.set(name, type, (row) => row[width + i] ?? null);
  });
  const evals = projection.outputs.map((output) => output.eval);
  const failed = pattern.columns.map((column) => nullOf(column.type));
  return {
    columns: projection.columns(),
    serialized: input.serialized,
    run(emit) {
      input.run((row) => {
        const cells = parsed(pattern, text(source(row))) ?? (keepFailed ? failed : undefined);
        if (!cells) return true;
        const wide = [...row, ...cells];
        return emit(evals.map((evaluate) => evaluate(wide)));
      });
    },
  };
}

/** `parse`: columns cut out of a text; null where the text does not fit. */
export function compileParse(node: Syntax, input: Relation, scope: Scope): Relation {
  return compile(node, input, scope, true);
}

/** `parse-where`: like parse, without the rows that do not fit. */
export function compileParseWhere(node: Syntax, input: Relation, scope: Scope): Relation {
  return compile(node, input, scope, false);
}
