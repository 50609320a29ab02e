import { columnsBehind } from '../aggregates/columns.ts';
import { newProjection } from '../compile/columns.ts';
import { compileConstant, compileExpression } from '../compile/expression.ts';
import { type Relation, rowScope, type Scope } from '../compile/scope.ts';
import { errorAt, unsupportedAt } from '../errors.ts';
import { childOf, itemsOf, need, parametersOf, type Syntax } from '../syntax.ts';
import { convertTo } from '../values/convert.ts';
import { int, num } from '../values/int64.ts';
import { toDynamic } from '../values/json.ts';
import type { KqlColumn, KqlType, KqlValue } from '../values/types.ts';
import { type AggregateRun, planAggregates } from './aggregate-plan.ts';
import { steps } from './sources.ts';
import { byClause, groupKey } from './summarize.ts';

interface Axis {
  name: string;
  type: KqlType;
  values: KqlValue[];
  /** The place of a value on the axis; undefined outside of it. */
  placeOf(value: KqlValue): number | undefined;
}

/** Values of the axis from start to before end (page "make-series operator"). */
function axisOf(node: Syntax, name: string, type: KqlType, scope: Scope): Axis {
  const range = need(node, 'RangeClause');
  const part = (role: string) => {
    const clause = childOf(range, role);
    if (!clause) throw unsupportedAt(range, 'make-series without from, to and step');
    const { type: own, value } = compileConstant(need(clause, 'Expression'), scope);
    return role === 'MakeSeriesStepClause' ? value : convertTo(value, own, type);
  };
  const from = part('MakeSeriesFromClause');
  const to = part('MakeSeriesToClause');
  const step = part('MakeSeriesStepClause');
  if (from === null || to === null || step === null || num(step) <= 0) {
    throw errorAt(range, 'make-series needs a start, an end and a step above 0');
  }
  const values: KqlValue[] = [];
  for (const value of steps(range, from, to, step, type)) if (num(value) < num(to)) values.push(value);
  // the distance from the start is exact also where ticks are beyond 2^53
  const distance = (value: KqlValue) =>
    type === 'real' ? num(value) - num(from) : Number(BigInt(int(value)) - BigInt(int(from)));
  return {
    name,
    type,
    values,
    placeOf(value) {
      if (value === null) return undefined;
      const place = Math.floor(distance(value) / num(step));
      return place >= 0 && place < values.length && distance(value) < distance(to) ? place : undefined;
    },
  };
}

interface Series {
  keys: KqlValue[];
  /** For each place of the axis the number of its group; undefined where no row fell. */
  groups: (number | undefined)[];
}

/** `make-series`: for each combination of the by clause, an array of each aggregate along the axis. */
export function compileMakeSeries(node: Syntax, input: Relation, scope: Scope): Relation {
  const parameters = parametersOf(node);
  for (const [name, value] of parameters) {
    if (!name.startsWith('hint.') && !(name === 'kind' && value.text === 'nonempty')) {
      throw unsupportedAt(node, `make-series ${name}=${value.text}`);
    }
  }
  const onNode = need(need(node, 'OnClause'), 'Expression');
  const on = compileExpression(onNode, rowScope(scope, input.columns));
  const axisName = onNode.kind === 'SimpleNamedExpression' ? need(onNode, 'Name').value : (onNode.resultName ?? '');
  const axis = axisOf(node, axisName, on.type, scope);
  const clause = childOf(node, 'ByClause');
  const byItems = clause ? itemsOf(clause, 'Expressions') : [];
  const by = byClause(byItems, input.columns, scope);
  const keyEvals = by.outputs.map((output) => output.eval);
  const keyColumns = by.columns();
  const items = itemsOf(node, 'Aggregates');
  const names = newProjection();
  for (const column of keyColumns) names.add(column.name, column.type, () => null);
  const plan = planAggregates(
    items.map((item) => need(item, 'Expression')),
    input.columns,
    columnsBehind(byItems, input.columns),
    scope,
    names,
  );
  const defaults = items.map((item): KqlValue => {
    const given = childOf(item, 'DefaultExpression');
    if (!given) return 0;
    const { type, value } = compileConstant(need(given, 'Expression'), scope);
    return toDynamic(value, type);
  });
  const seriesColumns = plan.columns.map(({ name }): KqlColumn => ({ name, type: 'dynamic' }));
  const nonempty = parameters.has('kind');
  const cellsOf = (series: Series, aggregates: AggregateRun): KqlValue[] => {
    const results = series.groups.map((group) => (group === undefined ? undefined : aggregates.finish(group)));
    return plan.columns.map(({ type }, i) =>
      axis.values.map((_, at) => {
        const cells = results[at];
        if (cells) return toDynamic(cells[i] ?? null, type);
        return type === 'real' && typeof defaults[i] === 'number'
          ? toDynamic(defaults[i] ?? null, 'real')
          : (defaults[i] ?? null);
      }),
    );
  };
  const axisCells = axis.values.map((value) => toDynamic(value, axis.type));
  return {
    columns: [...keyColumns, ...seriesColumns, { name: axis.name, type: 'dynamic' }],
    serialized: false,
    run(emit) {
      const all = new Map<ReturnType<typeof groupKey>, Series>();
      const aggregates = plan.start();
      let count = 0;
      const start = (keys: KqlValue[]): Series => ({ keys, groups: axis.values.map(() => undefined) });
      input.run((row) => {
        const place = axis.placeOf(on.eval(row));
        if (place === undefined) return true;
        const keys = keyEvals.map((evaluate) => evaluate(row));
        const key = groupKey(keys);
        const series = all.get(key) ?? start(keys);
        all.set(key, series);
        const group = series.groups[place] ?? count++;
        series.groups[place] = group;
        aggregates.add(group, row);
        return true;
      });
      if (all.size === 0 && nonempty && keyEvals.length === 0) all.set('', start([]));
      for (const series of all.values()) if (!emit([...series.keys, ...cellsOf(series, aggregates), axisCells])) return;
    },
  };
}
