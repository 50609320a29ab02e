import { expect, test } from 'vitest';
import { compileRegex } from '../../../simulator/kql/compile/regex.ts';

// Page "RE2 syntax": a pattern, a text, and the whole matches
const cases: [pattern: string, text: string, matches: string[], flags?: string][] = [
  ['a.c', 'abc a\nc', ['abc']],
  ['(?s)a.c', 'abc a\nc', ['abc', 'a\nc']],
  ['(?i)ABC', 'abc', ['abc']],
  ['ABC', 'abc', ['abc'], 'i'],
  ['^b', 'a\nb', []],
  ['(?m)^b', 'a\nb', ['b']],
  ['a+', 'aaa', ['aaa']],
  ['(?U)a+', 'aaa', ['a', 'a', 'a']],
  ['(?U)a+?', 'aaa', ['aaa']],
  ['a{2}', 'aaaa', ['aa', 'aa']],
  ['{x}', '{x}', ['{x}']],
  ['[[:alpha:]]+', 'ab1c', ['ab', 'c']],
  ['[^[:digit:]-]+', '1-ab2', ['ab']],
  ['[]a]', ']a', [']', 'a']],
  ['\\Aab\\z', 'ab', ['ab']],
  ['\\-\\/\\:\\"', '-/:"', ['-/:"']],
  ['\\p{L}+', 'é1', ['é']],
  ['(?P<n>b)(?:c)', 'bc', ['bc']],
  ['\\pL\\PL', 'a1', ['a1']],
  ['\\p{Greek}', 'aβ', ['β']],
  ['\\x41\\x{42}', 'AB', ['AB']],
  ['\\bfoo\\b', 'a foo b', ['foo']],
];

test.each(cases)('%s on %j', (pattern, text, matches, flags = '') => {
  expect(Array.from(text.matchAll(compileRegex(pattern, flags)), ([match]) => match)).toEqual(matches);
});

test.each(['(?=a)', '(?!a)', '(?<=a)', '(?<!a)', '(a)\\1', '\\Qa\\E', '[[:nope:]]', 'a(?i)b'])(
  '%s is refused',
  (pattern) => {
    expect(() => compileRegex(pattern)).toThrow('unsupported: the regular expression');
  },
);

test('what is no pattern is an error', () => {
  expect(() => compileRegex('a(')).toThrow('is not valid');
});
