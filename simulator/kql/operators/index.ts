import type { Relation, Scope } from '../compile/scope.ts';
import { unsupportedAt } from '../errors.ts';
import type { Syntax } from '../syntax.ts';
import { compileDistinct } from './distinct.ts';
import { compileEvaluate } from './evaluate.ts';
import { compileFilter } from './filter.ts';
import { compileJoin, compileLookup } from './join.ts';
import { compileMakeSeries } from './make-series.ts';
import { compileMvApply } from './mv-apply.ts';
import { compileMvExpand } from './mv-expand.ts';
import { compileParse, compileParseWhere } from './parse.ts';
import { compileAs, compileCount, compileGetSchema, compileInvoke, compileRender } from './passing.ts';
import { compileExtend, compileProject, compileSerialize } from './project.ts';
import {
  compileProjectAway,
  compileProjectKeep,
  compileProjectRename,
  compileProjectReorder,
} from './project-names.ts';
import { compileSort, compileTop } from './sort.ts';
import { compileDatatable, compilePrint, compileRange } from './sources.ts';
import { compileSummarize } from './summarize.ts';
import { compileTake } from './take.ts';
import { compileUnion } from './union.ts';

export type CompileOperator = (node: Syntax, input: Relation, scope: Scope) => Relation;

const OPERATORS: Readonly<Record<string, CompileOperator>> = {
  AsOperator: compileAs,
  CountOperator: compileCount,
  DistinctOperator: compileDistinct,
  EvaluateOperator: compileEvaluate,
  ExtendOperator: compileExtend,
  FilterOperator: compileFilter,
  GetSchemaOperator: compileGetSchema,
  InvokeOperator: compileInvoke,
  JoinOperator: compileJoin,
  LookupOperator: compileLookup,
  MakeSeriesOperator: compileMakeSeries,
  MvApplyOperator: compileMvApply,
  MvExpandOperator: compileMvExpand,
  ParseOperator: compileParse,
  ParseWhereOperator: compileParseWhere,
  ProjectAwayOperator: compileProjectAway,
  ProjectKeepOperator: compileProjectKeep,
  ProjectOperator: compileProject,
  ProjectRenameOperator: compileProjectRename,
  ProjectReorderOperator: compileProjectReorder,
  RenderOperator: compileRender,
  SerializeOperator: compileSerialize,
  SortOperator: compileSort,
  SummarizeOperator: compileSummarize,
  TakeOperator: compileTake,
  TopOperator: compileTop,
  UnionOperator: compileUnion,
};

/** What compiles an operator of a pipe; undefined for one this interpreter does not know. */
export function operatorOf(node: Syntax): CompileOperator | undefined {
  return OPERATORS[node.kind];
}

const SOURCES: readonly string[] = ['PrintOperator', 'RangeOperator', 'DataTableExpression', 'UnionOperator'];

/** Whether a node makes a table of its own. */
export function isSource(node: Syntax): boolean {
  return SOURCES.includes(node.kind);
}

/** Compiles a table that needs no input. */
export function compileSource(node: Syntax, scope: Scope): Relation {
  switch (node.kind) {
    case 'PrintOperator':
      return compilePrint(node, scope);
    case 'RangeOperator':
      return compileRange(node, scope);
    case 'DataTableExpression':
      return compileDatatable(node, scope);
    case 'UnionOperator':
      return compileUnion(node, undefined, scope);
    default:
      throw unsupportedAt(node, node.kind);
  }
}
