import { expect, test } from 'vitest';
import { ownersOf } from '../../src/access/owners.ts';
import { registry } from '../build.ts';
import { policy } from '../checks/told.ts';

const TAGS = policy({ owners: { tags: ['owner', 'team'], fallback: 'platform@contoso.com' } });
const NO_FALLBACK = policy({ owners: { tags: ['owner'] } });

test.each([
  ['the holder’s own first', ['ana'], [{ owner: 'omar' }], TAGS, ['ana']],
  ['the tag of the registry', [], [{ owner: 'omar' }], TAGS, ['omar']],
  ['in other letters', [], [{ Owner: 'omar' }], TAGS, ['omar']],
  ['the first tag that is set', [], [{ owner: '', team: 'web' }], TAGS, ['web']],
  ['of several registries each once', [], [{ owner: 'b' }, { owner: 'a' }, { owner: 'b' }], TAGS, ['a', 'b']],
  ['nobody: the fallback', [], [{ env: 'prod' }], TAGS, ['platform@contoso.com']],
  ['nobody and no fallback', [], [{}], NO_FALLBACK, []],
])('%s', (_, named, tags, wanted, expected) => {
  const registries = tags.map((own) => registry({ tags: own }));
  expect(ownersOf(named, registries, wanted)).toEqual(expected);
});
