import { expect, test } from 'vitest';
import { policyInvalid } from '../../src/checks/policy-invalid.ts';
import type { PolicyProblem } from '../../src/model/policy.ts';
import { input } from '../build.ts';

const CONTAINER = 'https://acrwdev.blob.core.windows.net/acr-warden';
const ONE = ['policy/warden.yaml:3:3: expiry.ladder: medium, high and critical must descend'];

function hitsOf(problem?: Partial<PolicyProblem>) {
  const policyProblem: PolicyProblem = {
    place: CONTAINER,
    name: 'policy/warden.yaml',
    problems: ONE,
    inForce: 'last-good',
    ...problem,
  };
  return policyInvalid.run({ ...input(), ...(problem && { policyProblem }) });
}

test('a policy that holds is no finding', () => {
  expect(hitsOf()).toEqual([]);
});

test('a bad one is one finding, with every mistake, what holds instead, and the command that mends it', () => {
  expect(hitsOf({})).toEqual([
    {
      resourceId: '/policy',
      reason: `The policy ${CONTAINER}/policy/warden.yaml has a mistake, so the last good one before it holds instead: ${ONE[0]}.`,
      evidence: { problems: ONE, inForce: 'last-good' },
      fix: 'acr-warden policy check warden.yaml && az storage blob upload --auth-mode login --account-name acrwdev --container-name acr-warden --name policy/warden.yaml --file warden.yaml --overwrite',
    },
  ]);
});

test('two mistakes with nothing before them', () => {
  const [hit] = hitsOf({ problems: ['a', 'b'], inForce: 'default' });
  expect(hit?.reason).toBe(
    `The policy ${CONTAINER}/policy/warden.yaml has 2 mistakes, so the default holds instead: a; b.`,
  );
});

test.each(['/var/lib/acr-warden', 'http://127.0.0.1:10000/devstoreaccount1/acr-warden'])(
  'where %s is no storage account, the fix names the place',
  (place) => {
    expect(hitsOf({ place })[0]?.fix).toBe(
      `acr-warden policy check warden.yaml # then put the mended file to ${place}/policy/warden.yaml`,
    );
  },
);
