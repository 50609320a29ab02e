import { sameId } from './model/armId.ts';
import type { Instant } from './model/estate.ts';
import { endOf, fitsRegistry } from './model/exception.ts';
import type { ComparedFinding, Finding } from './model/finding.ts';
import { fits } from './model/pattern.ts';
import type { Exception, Policy } from './model/policy.ts';

/** Marks each finding that an exception of the policy covers at this moment; one that none covers any more is unmarked. */
export function withMutes(
  findings: ComparedFinding[],
  { exceptions }: Pick<Policy, 'exceptions'>,
  now: Instant,
): ComparedFinding[] {
  const standing = exceptions.filter((exception) => now < endOf(exception));
  return findings.map((finding) => {
    const exception = standing.find((one) => covers(one, finding));
    if (!exception && !finding.muted) return finding;
    const { muted: _, ...plain } = finding;
    if (!exception) return plain;
    const { reason, owner } = exception;
    return { ...plain, muted: { reason, owner, until: endOf(exception) } };
  });
}

/** Whether an exception is about a finding, in time or not. */
export function covers({ check, registry, subject }: Exception, finding: Finding): boolean {
  if (check !== finding.checkId) return false;
  if (subject !== undefined && !fits(finding.subject, subject)) return false;
  // All that cannot be read of a place has its id: what nobody has named is not accepted with it.
  const isNamed = subject !== undefined || finding.subject === '';
  const registries = registriesOf(finding);
  // What is about no registry, as a vault's secret is, can only be meant by its own id, or by "every registry".
  if (registries.length === 0) return registry === '*' || (sameId(registry, finding.resourceId) && isNamed);
  return registries.every((id) => fitsRegistry(id, registry));
}

/** The registries that a finding is about: its own, or all that its credential opens. */
function registriesOf({ registryId, evidence: { registries } }: Finding): string[] {
  if (registryId) return [registryId];
  return Array.isArray(registries) ? registries.map(String) : [];
}
