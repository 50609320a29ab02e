import type { Mutant } from './mutants.ts';

/** Why no story can, or needs to, tell these mutants from the query itself. */
const REASONS: { rule: RegExp; from: RegExp; to?: RegExp; reason: string }[] = [
  {
    rule: /^sweep-missing$/,
    from: /project SweepId/,
    reason: 'only the number of rows matters; the project is there so that no datetime column is left in the result',
  },
  {
    rule: /^coverage-dropped$/,
    from: /^inner/,
    reason: 'a row to compare with is always among the rows that it is joined with, so an outer join adds none',
  },
  {
    rule: /^coverage-dropped$/,
    from: /Missing > 0/,
    reason: 'the rule compares Missing with 0 as well; the filter saves a billed time series per subscription',
  },
];

/** The reason of a survivor; `undefined` for one that a story should have noticed. */
export function reasonOf(rule: string, { of, from, to }: Mutant): string | undefined {
  return REASONS.find(
    (one) => one.rule.test(rule) && one.from.test(`${of} :: ${from}`) && (one.to === undefined || one.to.test(to)),
  )?.reason;
}
