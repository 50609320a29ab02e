import { text } from 'node:stream/consumers';

/** What one role of the caller allows, as ARM sends it. */
type Permission = { actions?: string[]; notActions?: string[] };

/** Whether an action pattern of a role covers an action: `*` is any run of characters, case does not matter. */
function covers(pattern: string, action: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'i').test(action);
}

/**
 * The actions that a caller lacks, from what ARM answers to `Microsoft.Authorization/permissions`:
 * one entry per role, each with its own exceptions.
 */
export function lackingActions(answer: string, needed: readonly string[]): string[] {
  const { value: roles }: { value?: Permission[] } = JSON.parse(answer);
  if (!Array.isArray(roles)) throw new Error(`ARM does not say what the caller may do, but: ${answer.slice(0, 200)}`);
  return needed.filter(
    (action) =>
      !roles.some(
        (role) =>
          role.actions?.some((pattern) => covers(pattern, action)) &&
          !role.notActions?.some((pattern) => covers(pattern, action)),
      ),
  );
}

if (import.meta.main) {
  const [scope = '', ...needed] = process.argv.slice(2);
  const lacking = lackingActions(await text(process.stdin), needed);
  if (lacking.length > 0) {
    console.error(
      `you may not ${lacking.join(', ')} at ${scope}: ask its owner for the role Owner, or for one with these`,
    );
    process.exitCode = 1;
  }
}
