import { text } from 'node:stream/consumers';

/** What one role of the caller allows, as ARM sends it. */
type Permission = { actions?: string[]; notActions?: string[]; dataActions?: string[]; notDataActions?: string[] };

/** Whether an action pattern of a role covers an action: `*` is any run of characters, case does not matter. */
function covers(pattern: string, action: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'i').test(action);
}

/**
 * The actions that a caller lacks, from what ARM answers to `Microsoft.Authorization/permissions`:
 * one entry per role, each with its own exceptions. Data actions are about what a resource holds, and listed apart.
 */
export function lackingActions(
  answer: string,
  needed: readonly string[],
  kind: 'actions' | 'dataActions' = 'actions',
): string[] {
  const exceptions = kind === 'actions' ? 'notActions' : 'notDataActions';
  const { value: roles }: { value?: Permission[] } = JSON.parse(answer);
  if (!Array.isArray(roles)) throw new Error(`ARM does not say what the caller may do, but: ${answer.slice(0, 200)}`);
  return needed.filter(
    (action) =>
      !roles.some(
        (role) =>
          role[kind]?.some((pattern) => covers(pattern, action)) &&
          !role[exceptions]?.some((pattern) => covers(pattern, action)),
      ),
  );
}

if (import.meta.main) {
  const [scope = '', ...rest] = process.argv.slice(2);
  const data = rest[0] === '--data';
  const lacking = lackingActions(
    await text(process.stdin),
    data ? rest.slice(1) : rest,
    data ? 'dataActions' : 'actions',
  );
  if (lacking.length > 0) {
    console.error(
      `you may not ${lacking.join(', ')} at ${scope}: ask its owner for ${data ? 'a role' : 'the role Owner, or for one'} with these`,
    );
    process.exitCode = 1;
  }
}
