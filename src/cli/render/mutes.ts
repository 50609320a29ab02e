import type { Instant } from '../../model/estate.ts';
import { endOf } from '../../model/exception.ts';
import type { ComparedFinding } from '../../model/finding.ts';
import type { Policy } from '../../model/policy.ts';
import { covers } from '../../mute.ts';
import { plain } from './terminal.ts';

/** What each exception of a policy mutes among the findings of a sweep; a preview before the policy is put in force. */
export function explainMutes(policy: Policy, findings: ComparedFinding[], now: Instant): string {
  if (policy.exceptions.length === 0) return 'The policy has no exceptions.\n';
  const open = findings.filter(({ status }) => status !== 'resolved');
  const blocks = policy.exceptions.map((exception) => {
    const { check, registry, subject, owner, reason, until } = exception;
    const own = open.filter((finding) => covers(exception, finding));
    const about = `${check} on ${registry}${subject ? `, ${subject}` : ''}`;
    const verb = endOf(exception) <= now ? 'ended, mutes nothing; it is about' : 'mutes';
    const lines = own.map(({ severity, reason: why }) => `    ${severity.padEnd(8)}  ${plain(why)}`);
    return [
      `${plain(about)} until ${until} (${plain(owner)}: ${plain(reason)})`,
      `  ${verb} ${own.length} of ${open.length} open findings${own.length > 0 ? ':' : ''}`,
      ...lines,
    ].join('\n');
  });
  return `${blocks.join('\n\n')}\n`;
}
