import type { Check } from '../model/check.ts';
import { POLICY_ID } from '../model/exception.ts';
import type { PolicyProblem } from '../model/policy.ts';

/** The uploaded policy has mistakes: what it says does not hold, and nobody would notice. */
export const policyInvalid: Check = {
  id: 'policy-invalid',
  title: 'Uploaded policy cannot be used',
  category: 'coverage',
  severity: 'high',
  needs: [],
  shard: 'tenant',
  run: ({ policyProblem }) => {
    if (!policyProblem) return [];
    const { place, name, problems, inForce } = policyProblem;
    const count = problems.length === 1 ? 'a mistake' : `${problems.length} mistakes`;
    return [
      {
        resourceId: POLICY_ID,
        reason: `The policy ${place}/${name} has ${count}, so ${HOLDS[inForce]} holds instead: ${problems.join('; ')}.`,
        evidence: { problems, inForce },
        fix: fixOf(policyProblem),
      },
    ];
  },
};

const HOLDS: Record<PolicyProblem['inForce'], string> = {
  'last-good': 'the last good one before it',
  default: 'the default',
};

function fixOf({ place, name }: PolicyProblem): string {
  const check = 'acr-warden policy check warden.yaml';
  const [, account, container] = /^https:\/\/([^./]+)\.blob\.[^/]+\/([^/?]+)/i.exec(place) ?? [];
  if (!account || !container) return `${check} # then put the mended file to ${place}/${name}`;
  const upload = `az storage blob upload --auth-mode login --account-name ${account} --container-name ${container}`;
  return `${check} && ${upload} --name ${name} --file warden.yaml --overwrite`;
}
