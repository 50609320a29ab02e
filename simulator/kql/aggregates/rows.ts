import type { Eval } from '../compile/scope.ts';
import { errorAt, unsupportedAt } from '../errors.ts';
import type { Syntax } from '../syntax.ts';
import { compareValues } from '../values/compare.ts';
import { type KqlColumn, type KqlValue, nullOf, type Row } from '../values/types.ts';
import { columnsBehind } from './columns.ts';
import type { AggregateCall, BoundAggregate } from './types.ts';

interface Output extends KqlColumn {
  eval: Eval;
}

/** The columns that `*` stands for: all but those of the by clause and those named already. */
function starOutputs(call: AggregateCall, named: ReadonlySet<string>): Output[] {
  return call.columns.flatMap(({ name, type }, i) =>
    call.keys.includes(name) || named.has(name) ? [] : [{ name, type, eval: (row: Row) => row[i] ?? null }],
  );
}

function isColumn(call: AggregateCall, i: number): boolean {
  return call.argNodes[i]?.kind === 'NameReference';
}

/** arg_max(x, *), arg_min(x, a, b): the row where x is largest; rows where x is null count only if all are. */
export function bindArgExtreme(call: AggregateCall): BoundAggregate {
  const sign = call.name === 'arg_max' ? 1 : -1;
  const prefix = call.name === 'arg_max' ? 'max' : 'min';
  const [by] = call.args;
  if (!by) throw errorAt(call.node, `${call.name}() needs an argument`);
  if (by.type === 'dynamic') throw unsupportedAt(call.node, `${call.name}() by a dynamic value: cast it`);
  const first = call.argNodes[0];
  const named = new Set<string>();
  const outputs: Output[] = [];
  const put = (output: Output, node: Syntax | undefined): void => {
    for (const name of node ? columnsBehind([node], call.columns) : [output.name]) named.add(name);
    outputs.push(output);
  };
  put({ name: first?.resultName ?? `${prefix}_`, type: by.type, eval: by.eval }, first);
  call.argNodes.forEach((node, i) => {
    const arg = call.args[i];
    if (i === 0 || !arg) return;
    if (node.kind === 'StarExpression') for (const output of starOutputs(call, named)) put(output, undefined);
    else
      put(
        { name: node.resultName ?? `${prefix}_${first?.resultName ?? ''}_arg${i}`, type: arg.type, eval: arg.eval },
        node,
      );
  });
  const { type, eval: evaluate } = by;
  return {
    outputs,
    start() {
      const bests: KqlValue[] = [];
      const rows: Row[] = [];
      return {
        add(group, row) {
          const value = evaluate(row);
          const best = bests[group];
          const better =
            best === undefined || (value !== null && (best === null || compareValues(value, best, type) * sign > 0));
          if (!better) return;
          bests[group] = value;
          rows[group] = row;
        },
        finish(group, results) {
          const chosen = rows[group];
          for (const output of outputs) results.push(chosen ? output.eval(chosen) : nullOf(output.type));
        },
      };
    },
  };
}

/** take_any(x), take_any(a, b), take_any(*): cells of the first row; of one column, the first that is not null. */
export function bindTakeAny(call: AggregateCall): BoundAggregate {
  const outputs: Output[] = [];
  const old = call.name === 'any';
  call.argNodes.forEach((node, i) => {
    const arg = call.args[i];
    if (!arg) return;
    if (node.kind === 'StarExpression') outputs.push(...starOutputs(call, new Set()));
    else outputs.push({ name: node.resultName ?? `arg${i}`, type: arg.type, eval: arg.eval });
  });
  if (outputs.length === 0) throw errorAt(call.node, `${call.name}() needs an argument`);
  const [single, second] = outputs;
  const only = second || !isColumn(call, 0) ? undefined : single;
  return {
    outputs: outputs.map(({ name, type }) => ({ name: old ? `any_${name}` : name, type })),
    start() {
      const rows: Row[] = [];
      return {
        add(group, row) {
          const chosen = rows[group];
          const better = !chosen || (only && isEmpty(only.eval(chosen)) && !isEmpty(only.eval(row)));
          if (better) rows[group] = row;
        },
        finish(group, results) {
          const chosen = rows[group];
          for (const output of outputs) results.push(chosen ? output.eval(chosen) : nullOf(output.type));
        },
      };
    },
  };
}

function isEmpty(value: KqlValue): boolean {
  return value === null || value === '';
}
