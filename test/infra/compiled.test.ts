import { expect, test } from 'vitest';
import { findBicep } from '../../infra/bicep.ts';
import { checkFreshness } from '../../infra/compile.ts';
import { type Sources, sha256, staleness } from '../../infra/sources.ts';
import { infra } from './template.ts';

const bicep = await findBicep();
const by = 'missing' in bicep ? `by hashes alone: ${bicep.missing}` : 'by compiling again';

test(`what is compiled is fresh (${by})`, async () => {
  expect((await checkFreshness(infra)).problems).toEqual([]);
});

const recorded: Sources = {
  bicep: '0.49.2',
  inputs: { 'main.bicep': 'a', 'tables/T_CL.json': 'b' },
  outputs: { 'main.json': 'c' },
};

test.each<{ what: string; now: Partial<Sources>; problems: string[] }>([
  { what: 'nothing changed', now: {}, problems: [] },
  {
    what: 'an input changed',
    now: { inputs: { 'main.bicep': 'a2', 'tables/T_CL.json': 'b' } },
    problems: ['infra/main.bicep changed since main.json was compiled'],
  },
  {
    what: 'an input came and one went',
    now: { inputs: { 'main.bicep': 'a', 'tables/U_CL.json': 'b' } },
    problems: [
      'infra/tables/T_CL.json is gone since main.json was compiled',
      'infra/tables/U_CL.json is new since main.json was compiled',
    ],
  },
  {
    what: 'the output was edited',
    now: { outputs: { 'main.json': 'edited' } },
    problems: ['infra/main.json was edited after it was compiled'],
  },
  {
    what: 'another compiler is pinned',
    now: { bicep: '0.50.0' },
    problems: ['main.json was compiled by Bicep 0.49.2, not 0.50.0'],
  },
])('hashes tell: $what', ({ now, problems }) => {
  expect(staleness(recorded, { ...recorded, ...now })).toEqual(problems);
});

test('a checkout with CRLF hashes as one with LF', () => {
  expect(sha256('a\r\nb\r\n')).toBe(sha256('a\nb\n'));
});
