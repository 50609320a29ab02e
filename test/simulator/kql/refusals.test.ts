import { expect, test } from 'vitest';
import { refusal, table } from './run.ts';

const tables = { T: table({ a: 'long', s: 'string', d: 'dynamic' }, []) };

// What Azure knows and this interpreter does not: the construct by name, and where it stands.
const unsupported: [string, string][] = [
  ['search "x"', 'search as a table (line 1, column 1)'],
  ['T | sample 1', 'the operator sample (line 1, column 5)'],
  ['T\n| top-hitters 1 of a', 'the operator top-hitters (line 2, column 3)'],
  ['T | partition by s (take 1)', 'the operator partition (line 1, column 5)'],
  ['T | fork (take 1) (take 2)', 'the operator fork (line 1, column 5)'],
  ['T | evaluate pivot(s)', 'the plugin pivot() (line 1, column 14)'],
  ['T | where * has "x"', 'StarExpression (line 1, column 11)'],
  ['externaldata(a: string) ["x"]', 'external-data as a table (line 1, column 1)'],
  ['print rand()', 'the function rand() (line 1, column 7)'],
  ['print new_guid()', 'the function new_guid() (line 1, column 7)'],
  ['print geo_distance_2points(1.0, 1.0, 2.0, 2.0)', 'the function geo_distance_2points() (line 1, column 7)'],
  ['declare query_parameters(x: long = 5); print x', 'the statement QueryParametersStatement (line 1, column 1)'],
  ['set truncationmaxrecords=1; T', 'the statement SetOptionStatement (line 1, column 1)'],
  ['print 1; print 2', 'a query with more than one result (line 1, column 10)'],
  ['let x = 1;', 'a query without a tabular expression (line 1, column 1)'],
  ['T | where a == s', 'comparing long with string: cast one side (line 1, column 11)'],
  ['T | extend x = d + d', 'arithmetic between two dynamic values: cast one, as in tolong(x) (line 1, column 16)'],
  ['print dynamic(1.5) + 1', 'arithmetic of a long and a dynamic real: cast it, as in todouble(x) (line 1, column 7)'],
  ['print "a" matches regex "(?=a)"', 'the regular expression "(?=a)" uses (?=a (line 1, column 7)'],
  [
    'print extract(@"(a)\\1", 0, "aa")',
    'the regular expression "(a)\\\\1" uses the back-reference \\1 (line 1, column 7)',
  ],
  ['print format_datetime(now(), "MMM")', `format_datetime() with 'MMM' in the format "MMM" (line 1, column 7)`],
  ['print 1 / 0', 'a division of whole numbers by zero: use todouble(x) (line 1, column 7)'],
  ['print 1 % 0', 'a division of whole numbers by zero: use todouble(x) (line 1, column 7)'],
  ['print 1h / 0', 'a division of whole numbers by zero: use todouble(x) (line 1, column 7)'],
  ['print hash(1)', 'hash() of long (line 1, column 7)'],
  ['print hash_sha256(datetime(2020-01-01))', 'hash_sha256() of what is no text (line 1, column 7)'],
];

test.each(unsupported)('%s', (query, message) => {
  expect(refusal(query, tables)).toBe(`KqlUnsupportedError: unsupported: ${message}`);
});

// What Azure refuses too, by the code of Microsoft's binder.
const wrong: [string, string][] = [
  [
    'T | where b > 1',
    "KS142: The name 'b' does not refer to any known column, table, variable or function. (line 1, column 11)",
  ],
  [
    'Nowhere | take 1',
    "KS204: The name 'Nowhere' does not refer to any known table, tabular variable or function. (line 1, column 1)",
  ],
  ['T | where nofunction(a)', "KS211: The name 'nofunction' does not refer to any known function. (line 1, column 11)"],
  [
    'print extract("(", 0, "x")',
    'the regular expression "(" is not valid: SyntaxError: Invalid regular expression: /(/gu: Unterminated group (line 1, column 7)',
  ],
  ['print datetime(2021-02-30)', 'datetime(2021-02-30) is not a datetime (line 1, column 7)'],
];

test.each(wrong)('%s', (query, message) => {
  expect(refusal(query, tables)).toBe(`KqlError: ${message}`);
});
