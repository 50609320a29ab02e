import { fromJson, type KqlColumn, type KqlTable, type KqlType, runKql, toJson } from '../../../simulator/kql/index.ts';

export type Json = string | number | boolean | null;

/** The clock of every query in these tests. */
export const NOW = new Date('2026-11-24T06:20:00Z');

/** A table of JSON cells: `table({ a: 'long' }, [[1], [2]])`. */
export function table(columns: Readonly<Record<string, KqlType>>, rows: readonly (readonly unknown[])[]): KqlTable {
  const list: KqlColumn[] = Object.entries(columns).map(([name, type]) => ({ name, type }));
  return { columns: list, rows: rows.map((row) => list.map(({ type }, i) => fromJson(row[i], type))) };
}

interface Printed {
  columns: string[];
  rows: Json[][];
}

/** Runs a query and prints its result as the query API would. */
export function run(query: string, tables: Readonly<Record<string, KqlTable>> = {}): Printed {
  const { columns, rows } = runKql(query, { database: { tables }, now: NOW });
  return {
    columns: columns.map(({ name, type }) => `${name}: ${type}`),
    rows: rows.map((row) => columns.map(({ type }, i) => toJson(row[i] ?? null, type))),
  };
}

/** Only the rows of a query's result. */
export function rows(query: string, tables: Readonly<Record<string, KqlTable>> = {}): Json[][] {
  return run(query, tables).rows;
}

/** The value of a scalar expression. */
export function value(expression: string): Json | undefined {
  return rows(`print x = ${expression}`)[0]?.[0];
}

/** A scalar expression and what it gives. */
export type Case = [expression: string, expected: Json];

/** The same expressions with what they give, computed in one query: binding a query takes its time. */
export function computed(cases: readonly Case[]): Case[] {
  const [row = []] = rows(`print ${cases.map(([expression], i) => `x${i} = ${expression}`).join(',\n')}`);
  return cases.map(([expression], i) => [expression, row[i] ?? null]);
}

/** The message of the error that a query raises. */
export function refusal(query: string, tables: Readonly<Record<string, KqlTable>> = {}): string {
  try {
    run(query, tables);
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
  return 'no error';
}
