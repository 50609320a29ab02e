import { compileExpression } from '../compile/expression.ts';
import { type Compiled, constant, type Scope } from '../compile/scope.ts';
import { unsupportedAt } from '../errors.ts';
import { itemsOf, need, type Syntax } from '../syntax.ts';
import type { KqlColumn } from '../values/types.ts';
import { bindBag, bindList, bindSet } from './collections.ts';
import { bindArgExtreme, bindTakeAny } from './rows.ts';
import { bindCount, bindDistinctCount, bindExtreme, bindPercentile, bindSpread } from './statistics.ts';
import { bindAverage, bindSum } from './sums.ts';
import type { Bind, BoundAggregate } from './types.ts';

export type { Accumulator } from './types.ts';

const AGGREGATES: Readonly<Record<string, Bind>> = {
  count: bindCount,
  countif: bindCount,
  dcount: bindDistinctCount,
  dcountif: bindDistinctCount,
  count_distinct: bindDistinctCount,
  count_distinctif: bindDistinctCount,
  sum: bindSum,
  sumif: bindSum,
  avg: bindAverage,
  avgif: bindAverage,
  min: bindExtreme,
  minif: bindExtreme,
  max: bindExtreme,
  maxif: bindExtreme,
  stdev: bindSpread,
  stdevif: bindSpread,
  stdevp: bindSpread,
  variance: bindSpread,
  varianceif: bindSpread,
  variancep: bindSpread,
  variancepif: bindSpread,
  percentile: bindPercentile,
  percentiles: bindPercentile,
  arg_max: bindArgExtreme,
  arg_min: bindArgExtreme,
  take_any: bindTakeAny,
  any: bindTakeAny,
  make_list: bindList,
  makelist: bindList,
  make_list_if: bindList,
  make_list_with_nulls: bindList,
  make_set: bindSet,
  makeset: bindSet,
  make_set_if: bindSet,
  make_bag: bindBag,
  make_bag_if: bindBag,
};

/** Aggregates of Kusto that this interpreter refuses by name. */
const UNKNOWN =
  /^(percentilew|percentilesw|percentilesw_array|percentiles_array|hll|hll_merge|hll_if|tdigest|tdigest_merge|merge_tdigest|buildschema|binary_all_(and|or|xor)|covariance(if|p|pif)?|make_dictionary|take_anyif|anyif|passthrough)$/;

export function isAggregate(name: string): boolean {
  return Object.hasOwn(AGGREGATES, name) || UNKNOWN.test(name);
}

/** The names of all aggregates known, for tests of completeness. */
export function aggregateNames(): string[] {
  return Object.keys(AGGREGATES);
}

function argumentOf(node: Syntax, scope: Scope): Compiled {
  return node.kind === 'StarExpression' ? constant('dynamic', null) : compileExpression(node, scope);
}

/** Binds a call over the columns of the input; `keys` are the columns of the by clause. */
export function bindAggregate(
  node: Syntax,
  name: string,
  scope: Scope,
  columns: readonly KqlColumn[],
  keys: readonly string[],
): BoundAggregate {
  const bind = AGGREGATES[name];
  if (!bind) throw unsupportedAt(node, `the aggregate ${name}()`);
  const argNodes = itemsOf(need(node, 'ArgumentList'), 'Expressions');
  const args = argNodes.map((argument) => argumentOf(argument, scope));
  return bind({ node, name, args, argNodes, scope, columns, keys });
}
